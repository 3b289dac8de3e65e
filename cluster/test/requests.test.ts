import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { stacks, upstreamCharts } from '../src/charts.ts'
import { needs } from '../src/checks.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => parse(readFileSync(join(root, path), 'utf8'))

/** What kubeadm and kind ask for: API server 250, controller manager 200, scheduler 100, etcd 100, CoreDNS 2 x 100, kindnet 100. */
const system = 950

/** The reloaders beside Prometheus and Alertmanager, for which the operator asks unless told otherwise. */
const reloaders = 2 * 10

/** Containers that a chart starts more than once with the same `resources`: Grafana's sidecars for dashboards and datasources. */
const copies: Record<string, number> = { 'kube-prometheus-stack grafana.sidecar': 2 }

const millicores = (cpu: string | number): number =>
  typeof cpu === 'string' && cpu.endsWith('m') ? Number.parseInt(cpu, 10) : Number(cpu) * 1000

interface Values {
  resources?: { requests: { cpu: string } }
  [key: string]: unknown
}

/** The sum of every `resources.requests.cpu` of an upstream chart's values. */
function requestsOf(chart: string, values: Values, path: string[] = []): number {
  const own = values.resources ? millicores(values.resources.requests.cpu) : 0
  const inner = Object.entries(values)
    .filter(([key, value]) => key !== 'resources' && value && typeof value === 'object' && !Array.isArray(value))
    .map(([key, value]) => requestsOf(chart, value as Values, [...path, key]))
  return inner.reduce((sum, part) => sum + part, own * (copies[`${chart} ${path.join('.')}`] ?? 1))
}

interface PodSpec {
  containers: { resources?: { requests?: { cpu?: string } } }[]
}

/** The requests of one pod of each workload that a chart of ours renders, and of one more where a rollout has two at a time. */
function rendered(release: string, chart: string, valuesFiles: string[] = []): number {
  const files = valuesFiles.flatMap((file) => ['--values', join(root, file)])
  const text = execFileSync('helm', ['template', release, join(root, chart), ...files, '--skip-tests'], {
    encoding: 'utf8',
  })
  let sum = 0
  for (const { kind, spec } of parseAllDocuments(text).map((document) => document.toJS() ?? {})) {
    const pod: PodSpec | undefined =
      kind === 'Jaeger' ? { containers: [spec] } : (spec?.template?.spec ?? spec?.jobTemplate?.spec.template.spec)
    if (!pod?.containers) continue
    const pods = kind === 'Deployment' ? 2 : 1
    for (const { resources } of pod.containers) sum += pods * millicores(resources?.requests?.cpu ?? '0m')
  }
  return sum
}

interface Release {
  name: string
  chartPath: string
  valuesFiles?: string[]
}

const skip = spawnSync('helm', ['version']).error && 'helm is not on PATH: make tools'

for (const stack of stacks)
  test(`the ${stack} stack, with a second pod of every service, fits the CPUs that make doctor asks for`, {
    skip,
  }, (t) => {
    const parts: [name: string, requests: number][] = [
      ['kube-system', system],
      ['reloaders', reloaders],
      ...upstreamCharts[stack].map(({ name, values }): [string, number] => [values, requestsOf(name, read(values))]),
      ...(stack === 'classic'
        ? [['charts/observability', rendered('observability', 'charts/observability')] as [string, number]]
        : []), // of the other it is rules, dashboards and names
      ...read('skaffold.yaml').deploy.helm.releases.map(({ name, chartPath, valuesFiles }: Release) => [
        name,
        rendered(name, chartPath, valuesFiles),
      ]),
    ]
    for (const [name, requests] of parts) {
      t.diagnostic(`${name}: ${requests}m`)
      assert.ok(requests > 0, name)
    }
    const sum = parts.reduce((total, [, requests]) => total + requests, 0)
    t.diagnostic(`together: ${sum}m`)
    assert.ok(sum < needs.cpus.fail * 1000, `${sum}m`)
  })

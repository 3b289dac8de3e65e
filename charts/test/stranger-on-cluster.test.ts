import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { cpSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { eventually } from '@hello/test-support/eventually'
import { ask, context, createNamespace, folder, helm, kubectl, limit, nodeIn, patience, skip } from './cluster.ts'
import { definitionOf } from './custom-resources.ts'
import { assertValid } from './kubeconform.ts'
import { needs, render, run } from './programs.ts'

/** A service, a worker and a cron job of somebody who has neither this checkout nor its registry: only what is packed. */
const stranger = fileURLToPath(new URL('stranger', import.meta.url))
const releases = ['invoices', 'mailer', 'report']
const valuesOf = (release: string) => join(stranger, `${release}.yaml`)

/** The chart as `helm package` makes it. */
async function packChart(): Promise<string> {
  const packed = await run('helm', ['package', 'service', '--destination', folder])
  assert.equal(packed.status, 0, packed.stderr)
  return packed.stdout.trim().split(': ').at(-1)!
}

describe('the packed chart', needs('helm'), () => {
  test("renders a stranger's service, worker and cron job", needs('kubeconform'), async () => {
    const chart = await packChart()
    const kinds: Record<string, string[]> = {}
    for (const release of releases) {
      const { status, stdout, stderr } = await render({ release, chart, values: [valuesOf(release)] })
      assert.equal(status, 0, stderr)
      await assertValid(stdout)
      kinds[release] = [...stdout.matchAll(/^kind: (.*)$/gm)].map(([, kind]) => kind!)
    }
    assert.ok(kinds.invoices!.includes('HTTPRoute') && kinds.invoices!.includes('ConfigMap'), `${kinds.invoices}`)
    assert.ok(kinds.mailer!.includes('Deployment') && !kinds.mailer!.includes('HTTPRoute'), `${kinds.mailer}`)
    assert.ok(kinds.report!.includes('CronJob') && !kinds.report!.includes('Deployment'), `${kinds.report}`)
  })
})

describe('the packed chart and packages on a cluster', { skip }, () => {
  const definition = skip ? undefined : definitionOf('HTTPRoute')
  let definedHere = false

  /** The services that have a span in a trace, once all of those expected have. */
  const servicesOf = (traceId: string, expected: string[]) =>
    eventually(() => {
      const { data } = ask('observability/jaeger-query:16686', `/api/traces/${traceId}`)
      const processes: { serviceName: string }[] = Object.values(data?.[0]?.processes ?? {})
      const names = [...new Set(processes.map(({ serviceName }) => serviceName))].sort()
      assert.ok(
        expected.every((name) => names.includes(name)),
        `the trace ${traceId} has ${names}, not ${expected}`,
      )
      return names
    }, patience)

  before(async () => {
    createNamespace()
    if (definition) {
      definedHere = !kubectl('get', 'crd', '--output=name').includes('httproutes.gateway')
      kubectl('apply', '--server-side', '--force-conflicts', `--filename=${definition}`)
      kubectl('wait', '--for=condition=Established', 'crd/httproutes.gateway.networking.k8s.io', `--timeout=${limit}`)
    }
    const root = join(stranger, '../../..')
    const image = join(folder, 'image')
    execFileSync('make', ['--silent', 'packages'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    cpSync(stranger, image, { recursive: true })
    for (const tarball of globSync('*.tgz', { cwd: join(root, 'dist/packages') }))
      cpSync(join(root, 'dist/packages', tarball), join(image, tarball))
    execFileSync('docker', ['build', '--quiet', '--tag', 'invoices:1', image])
    execFileSync('kind', ['load', 'docker-image', 'invoices:1', '--name', context.replace(/^kind-/, '')])
    kubectl('apply', `--filename=${join(stranger, 'own.yaml')}`)
    const chart = await packChart()
    const settings = definition ? [] : ['--set', 'httpRoute.enabled=false']
    for (const release of releases)
      helm(
        ...['upgrade', '--install', release, chart, '--values', valuesOf(release), '--wait', '--timeout', limit],
        ...(release === 'invoices' ? settings : []),
      )
  })
  after(() => {
    for (const release of releases) helm('uninstall', release, '--ignore-not-found', '--wait')
    kubectl('delete', `--filename=${join(stranger, 'own.yaml')}`, '--ignore-not-found')
    if (definedHere) kubectl('delete', 'crd', 'httproutes.gateway.networking.k8s.io')
  })

  test('the service and the worker pass helm test', () => {
    for (const release of ['invoices', 'mailer']) helm('test', release)
  })

  test('the service has its file, its secrets and a volume that outlives the pod', async () => {
    const call = (method: string, path: string) =>
      nodeIn(
        'mailer',
        `fetch('http://invoices:8080${path}', { method: '${method}' }).then((answer) => answer.text()).then(console.log)`,
      )
    assert.deepEqual(JSON.parse(await call('PUT', '/invoices/first')), {
      id: 'first',
      currency: 'EUR',
      company: 'Strangers Ltd',
      seal: createHmac('sha256', 'a-key-of-this-test').update('first').digest('hex'),
    })
    kubectl('rollout', 'restart', 'deployment/invoices')
    kubectl('rollout', 'status', 'deployment/invoices', `--timeout=${limit}`)
    assert.deepEqual(JSON.parse(await call('GET', '/invoices')), ['first'])
  })

  test('the route is accepted, and leads to a port of the service', {
    skip: definition ? false : 'no definition of HTTPRoute',
  }, () => {
    const { spec } = JSON.parse(kubectl('get', 'httproute', 'invoices', '--output=json'))
    assert.deepEqual(spec.hostnames, ['invoices.example.com'])
    const [{ name, port }] = spec.rules[0].backendRefs
    const { spec: service } = JSON.parse(kubectl('get', 'service', name, '--output=json'))
    assert.ok(service.ports.some((one: { port: number }) => one.port === port))
  })

  test('what the worker does is one trace with the service, with log lines and metrics of both', async () => {
    const reminded = await eventually(() => {
      const lines = kubectl('logs', 'deployment/mailer', '--tail=-1').split('\n')
      return lines.findLast((line) => line.includes('"reminded"')) ?? false
    }, patience)
    const { trace_id } = JSON.parse(reminded)
    assert.deepEqual(await servicesOf(trace_id, ['invoices', 'mailer']), ['invoices', 'mailer'])
    for (const app of ['invoices', 'mailer'])
      await eventually(() => {
        const query = encodeURIComponent(`{app="${app}"} |= "${trace_id}"`)
        return ask('monitoring/loki:3100', `/loki/api/v1/query_range?query=${query}`).data.result.length > 0
      }, patience)
    for (const series of [
      'http_server_request_duration_seconds_count{app="invoices",http_route="/invoices"} > 0',
      'process_cpu_seconds_total{app="mailer"} > 0',
    ])
      await eventually(() => {
        const path = `/api/v1/query?query=${encodeURIComponent(series)}`
        assert.ok(ask('monitoring/kube-prometheus-stack-prometheus:9090', path).data.result.length > 0, series)
      }, patience)
  })

  test('the cron job runs to its end, in a trace with the service', async () => {
    const job = `report-${process.pid}`
    kubectl('create', 'job', '--from=cronjob/report', job)
    kubectl('wait', '--for=condition=Complete', `job/${job}`, `--timeout=${limit}`)
    const lines = kubectl('logs', `--selector=batch.kubernetes.io/job-name=${job}`, '--tail=-1').split('\n')
    const reported = JSON.parse(lines.find((line) => line.includes('"reported"'))!)
    assert.deepEqual(reported.invoices, ['first'])
    assert.deepEqual(await servicesOf(reported.trace_id, ['invoices', 'report']), ['invoices', 'report'])
  })
})

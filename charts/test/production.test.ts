import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { assertValid } from './kubeconform.ts'
import { charts, needs } from './programs.ts'
import { defaultValues, isMap, production, productionCharts, renderedCharts } from './upstream-charts.ts'

// Before any test is told of: those that are known would else be all, and end.
const rendered = await renderedCharts()

const folder = mkdtempSync(join(tmpdir(), 'production-'))
after(() => rmSync(folder, { recursive: true }))
/** For node:test: skips with one line where a program is missing. */
const onPath = (program: string) => ({
  skip: spawnSync(program, ['--help']).error ? `${program} is not on PATH` : false,
})

const files = readdirSync(production).filter((file) => file !== 'charts.yaml')
const read = (file: string) => readFileSync(join(production, file), 'utf8')
const manifests = files.filter((file) => /^apiVersion:/m.test(read(file)))
/** For the shop's own chart. */
const own = 'observability.yaml'

test('every chart is pinned and has its values, and every other file is a manifest', () => {
  for (const { name, version, repository } of productionCharts) {
    assert.match(version, /^v?\d+\.\d+\.\d+$/, name)
    assert.match(repository, /^https:/, name)
  }
  const named = productionCharts.map(({ name }) => `${name}.yaml`)
  assert.deepEqual(files.sort(), [...named, own, ...manifests].sort())
})

/** The lines of a values file for which neither they, nor a comment right above, nor what they are part of says why. */
function unexplained(text: string): string[] {
  const around: { indent: number; explained: boolean }[] = []
  let above = false
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.filter((line, index) => {
    const indent = line.search(/\S/)
    if (line.trim().startsWith('#')) {
      above = true
      return false
    }
    while (around.length > 0 && around.at(-1)!.indent >= indent) around.pop()
    const explained = above || / # \S/.test(line) || (around.at(-1)?.explained ?? false)
    above = false
    around.push({ indent, explained })
    const next = lines.slice(index + 1).find((other) => !other.trim().startsWith('#'))
    const isParent = next !== undefined && next.search(/\S/) > indent
    return !explained && !isParent
  })
}

test('a value without a reason is found', () => {
  assert.deepEqual(unexplained('a: 1 # why\nb:\n  # why\n  c: 1\n  d: 2\ne: # why\n  f: {g: 1}\nh: [1]\n'), [
    '  d: 2',
    'h: [1]',
  ])
})

const valuesFiles = [
  ...files.filter((file) => !manifests.includes(file)).map((file) => join(production, file)),
  ...globSync('*/values/production.yaml', { cwd: charts }).map((file) => join(charts, file)),
]
for (const file of valuesFiles)
  test(`${file.slice(join(charts, '..').length + 1)}: every value has its reason`, () => {
    assert.deepEqual(unexplained(readFileSync(file, 'utf8')), [])
  })

test('secrets are only named', () => {
  // Whose keys end like this has a name in it, or a path, or nothing.
  const secret =
    /\b(?:password|secretAccessKey|accessKeyId|secret_key|access_key|client_secret|token)["']?: *([^\s,}#]+)/g
  // The key store of public certificates has to have one.
  const harmless = /^(?:"?\$\{env:\w+|changeit$|\{|\|)/
  for (const file of files) {
    assert.doesNotMatch(read(file), /^kind: Secret$/m, file)
    for (const [line, value] of read(file).matchAll(secret)) assert.match(value!, harmless, `${file}: ${line}`)
  }
})

/** The paths in some values that are not in a chart's own. What is empty there may be filled with anything. */
function unknownKeys(values: unknown, defaults: unknown, path: string[] = []): string[] {
  if (!isMap(values) || !isMap(defaults) || (path.length > 0 && Object.keys(defaults).length === 0)) return []
  return Object.entries(values).flatMap(([key, value]) => {
    const here = [...path, key]
    return key in defaults ? unknownKeys(value, defaults[key], here) : [here.join(' ')]
  })
}

/** Where charts take what is not among their values: configurations of other programs, and what is only in a comment there. */
const free: Record<string, RegExp> = {
  'kube-prometheus-stack': /^grafana (grafana\.ini|sidecar datasources (url|extraJsonData)$)/,
  loki: /^loki (limits_config|storage bucketNames$)/,
  'opentelemetry-collector': /^(config|ports log-lines$)/,
  jaeger: /^(jaeger (strategy|resources|podSecurityContext)|storage elasticsearch user$)/,
  opensearch: /^resources limits$/,
}

describe('what is applied', { concurrency: true, ...needs('kubeconform') }, () => {
  for (const file of manifests) test(`${file} is valid`, () => assertValid(read(file)))
})

describe('what the charts make of their values', { skip: rendered.length === 0 && 'no chart can be had' }, () => {
  test('is valid for Kubernetes 1.34, 1.35 and 1.36', needs('kubeconform'), async () => {
    for (const { name, text } of rendered)
      await assertValid(text).catch((error: Error) => assert.fail(`${name}: ${error.message}`))
  })

  test('sets nothing that the chart does not know', async () => {
    for (const { name, archive } of rendered) {
      const place = join(folder, name)
      mkdirSync(place)
      const strange = unknownKeys(parse(read(`${name}.yaml`)), await defaultValues(archive, place))
      assert.deepEqual(
        strange.filter((path) => !free[name]?.test(path)),
        [],
        name,
      )
    }
  })

  test('has no Secret with a password that a chart made up', () => {
    for (const { name, text } of rendered)
      for (const object of parseAllDocuments(text).map((document) => document.toJS()))
        if (object?.kind === 'Secret')
          for (const key of Object.keys(object.data ?? {}))
            assert.doesNotMatch(key, /password|secret|token/i, `${name}: ${object.metadata.name}`)
  })

  test('keeps on volumes what is to last, and limits the memory of what takes data', () => {
    for (const { name: chart, text } of rendered)
      for (const object of parseAllDocuments(text).map((document) => document.toJS())) {
        const what = `${chart}: ${object?.kind} ${object?.metadata?.name}`
        if (object?.kind === 'StatefulSet' && !/-cache$/.test(object.metadata.name)) {
          assert.ok(object.spec.volumeClaimTemplates?.length > 0, what)
          assert.ok(object.spec.template.spec.containers[0].resources?.limits?.memory, what)
        }
        if (object?.kind === 'Prometheus' || object?.kind === 'Alertmanager') {
          assert.ok(object.spec.storage.volumeClaimTemplate, what)
          assert.ok(object.spec.replicas > 1 && object.spec.resources.limits.memory, what)
          assert.ok(object.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution, what)
        }
      }
  })

  /** A configuration that a chart makes: the chart, the key in its ConfigMap, and the command that says whether it is taken. */
  const configurations: [chart: string, key: string, program: string, ...args: string[]][] = [
    ['loki', 'config.yaml', 'loki', '-verify-config', '-config.file'],
    ['opentelemetry-collector', 'relay', 'otelcol-contrib', 'validate', '--config'],
    ['jaeger', 'user-config.yaml', 'jaeger', 'validate', '--config'],
  ]
  for (const [chart, key, program, ...args] of configurations)
    test(`is a configuration that ${program} takes`, onPath(program), (t) => {
      const text = rendered.find(({ name }) => name === chart)?.text
      if (!text) return t.skip('the chart cannot be had')
      const objects = parseAllDocuments(text).map((document) => document.toJS())
      const { data } = objects.find((object) => object?.kind === 'ConfigMap' && object.data[key])
      const file = join(folder, `${chart}.yaml`)
      writeFileSync(file, data[key].replaceAll('/var/lib/otelcol', folder))
      const inPod = {
        MY_POD_IP: '127.0.0.1',
        K8S_NODE_NAME: 'node',
        OTEL_K8S_NODE_NAME: 'node',
        OPENSEARCH_PASSWORD: 'secret',
      }
      const { status, stdout, stderr } = spawnSync(program, [...args, file], {
        encoding: 'utf8',
        env: { ...process.env, ...inPod },
      })
      assert.equal(status, 0, stdout + stderr)
    })
})

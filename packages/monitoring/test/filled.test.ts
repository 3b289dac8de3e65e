import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { generatedFiles } from '../src/generate.ts'
import { chartNames, filled, type Names, ownNames } from '../src/names.ts'
import { ruleFiles } from '../src/rules.ts'

const chart = fileURLToPath(new URL('../../../charts/observability', import.meta.url))
const noHelm = spawnSync('helm', ['version']).error ? 'helm is not on PATH' : false

/** Names of which none is a default. */
const elsewhere: Names = {
  namespace: 'store',
  routedNamespaces: ['store', 'metrics'],
  team: 'sales',
  severities: { critical: 'page', warning: 'ticket', info: 'note' },
  database: 'store-db',
  runbooks: 'https://runbooks.example.com',
  grafana: 'https://grafana.example.com',
  prometheus: { uid: 'metrics', url: 'http://prometheus.example.com' },
  loki: { uid: 'lines', url: 'http://loki.example.com', tenant: 'store' },
  jaeger: { uid: 'traces', url: 'http://jaeger.example.com' },
}

const settings = ['prometheus', 'loki', 'jaeger'].flatMap((kind) => {
  const { uid, url } = elsewhere[kind as 'loki']
  return ['create=true', `uid=${uid}`, `url=${url}`].map((value) => `grafana.datasources.${kind}.${value}`)
})

test('no word is left in a file that is filled', () => {
  const words = Object.values(chartNames).flatMap((name): string[] =>
    typeof name === 'string' ? [name] : Object.values<string>(name),
  )
  for (const [path, content] of Object.entries(generatedFiles))
    for (const word of words) assert.ok(!filled(content, ownNames).includes(word), `${path}: ${word}`)
})

test('the chart fills dashboards, datasources and rules as `filled` does', { skip: noHelm }, () => {
  const values = [
    ...settings,
    `grafana.datasources.loki.tenant=${elsewhere.loki.tenant}`,
    `shopNamespace=${elsewhere.namespace}`,
    `rules.runbooksUrl=${elsewhere.runbooks}/`,
    `rules.grafanaUrl=${elsewhere.grafana}`,
    `rules.team=${elsewhere.team}`,
    `rules.database=${elsewhere.database}`,
    ...Object.entries(elsewhere.severities).map(([severity, word]) => `rules.severities.${severity}=${word}`),
  ]
  const { stdout, stderr, status } = spawnSync(
    'helm',
    ['template', 'observability', chart, ...values.flatMap((value) => ['--set', value])],
    { encoding: 'utf8', maxBuffer: 100_000_000 },
  )
  assert.equal(status, 0, stderr)
  const objects = parseAllDocuments(stdout).map((document) => document.toJS())
  for (const { metadata, spec } of objects.filter((object) => object?.kind === 'PrometheusRule'))
    assert.deepEqual(spec, ruleFiles(elsewhere)[metadata.name], metadata.name)
  const rendered = objects
    .filter((object) => object?.kind === 'ConfigMap')
    .flatMap(({ data }) => Object.entries<string>(data))
  const made = Object.entries(generatedFiles)
    .filter(([path]) => /^(dashboards|datasources)\//.test(path))
    .map(([path, content]) => [path.replace('datasources/', 'shop-').replace('dashboards/', ''), content])
  assert.deepEqual(rendered.map(([file]) => file).toSorted(), made.map(([file]) => file!).toSorted())
  for (const [file, content] of made)
    assert.equal(Object.fromEntries(rendered)[file!]!.trim(), filled(content!, elsewhere).trim(), file)
})

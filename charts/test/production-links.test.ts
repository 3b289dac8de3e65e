import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { objectives } from '@hello/monitoring/objectives'
import { parse, parseAllDocuments } from 'yaml'
import { charts, needs, render } from './programs.ts'
import { production, renderedCharts } from './upstream-charts.ts'

const demo = join(charts, '../observability-values')
const values = (name: string, folder = production) => parse(readFileSync(join(folder, `${name}.yaml`), 'utf8'))
const objectsIn = (text: string) => parseAllDocuments(text).map((document) => document.toJS() ?? {})

interface Datasource {
  uid: string
  url: string
  jsonData: Record<string, unknown>
  secureJsonData?: Record<string, string>
}

/** The datasources of the provisioning files in ConfigMaps that Grafana's sidecar reads. */
const datasourcesIn = (text: string): Datasource[] =>
  objectsIn(text)
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.grafana_datasource)
    .flatMap(({ data }) => Object.values<string>(data))
    .flatMap((file) => parse(file).datasources)

/** What charts/observability makes of files of values. */
async function observability(...files: string[]): Promise<Datasource[]> {
  const { status, stdout, stderr } = await render({ release: 'observability', chart: 'observability', values: files })
  assert.equal(status, 0, stderr)
  return datasourcesIn(stdout)
}

const withoutUrls = (datasources: Datasource[]) => datasources.map(({ url, ...datasource }) => datasource)
const own = join(production, 'observability.yaml')
const upstream = await renderedCharts()

// What it does with secrets: e2e/collector/agent.test.ts.
test('the collector redacts the lines as that of the modern stack does', () => {
  const redaction = (name: string, folder: string) => values(name, folder).config.processors['transform/redact']
  const here = redaction('opentelemetry-collector', production)
  assert.ok(here.log_statements.length > 0)
  assert.deepEqual(here, redaction('opentelemetry-collector-agent', join(demo, 'modern')))
  const { processors } = values('opentelemetry-collector').config.service.pipelines.logs
  assert.equal(processors.at(-1), 'transform/redact')
})

describe('Grafana', needs('helm'), () => {
  test('has the datasources of the demo under their uids, with their links, at other addresses', async () => {
    assert.deepEqual(withoutUrls(await observability(own)), withoutUrls(await observability()))
    const { url, extraJsonData, ...inProduction } = values('kube-prometheus-stack').grafana.sidecar.datasources
    assert.deepEqual(inProduction, values('kube-prometheus-stack', demo).grafana.sidecar.datasources)
    assert.deepEqual([url, extraJsonData], ['http://thanos-query.monitoring:10902', { prometheusType: 'Thanos' }])
  })

  test('asks Loki for the tenant under which the collector sends', async () => {
    const { config } = values('opentelemetry-collector')
    const loki = (await observability(own)).find(({ uid }) => uid === 'loki')!
    assert.equal(loki.jsonData.httpHeaderName1, 'X-Scope-OrgID')
    assert.equal(config.exporters['otlp_http/loki'].headers['X-Scope-OrgID'], loki.secureJsonData?.httpHeaderValue1)
  })

  test('lets nobody in but by the provider, and has no password of its own making', () => {
    const { admin, adminPassword, 'grafana.ini': ini } = values('kube-prometheus-stack').grafana
    assert.ok(admin.existingSecret)
    assert.equal(adminPassword, undefined)
    assert.equal(ini.auth.disable_login_form, true)
    assert.equal(ini['auth.generic_oauth'].role_attribute_strict, true)
    const groups = new Set(ini['auth.generic_oauth'].role_attribute_path.match(/(?<=')shop-[a-z]+/g))
    assert.deepEqual(groups, new Set(ini['auth.generic_oauth'].allowed_groups.split(' ')))
  })
})

describe('metrics', () => {
  const { prometheusSpec } = values('kube-prometheus-stack').prometheus
  const days = (period: string) => Number(/^(\d+)d$/.exec(period)![1])

  test('are where the rules are for longer than an error budget is counted', () => {
    assert.ok(days(prometheusSpec.retention) > days(objectives.period))
  })

  test('go to the object storage that Thanos reads, and are told apart by the label that Query leaves out', () => {
    const thanos = values('thanos')
    const { name, key } = thanos.objstoreConfig
    assert.deepEqual(prometheusSpec.thanos.objectStorageConfig.existingSecret, { name, key })
    assert.equal(prometheusSpec.replicaExternalLabelName, undefined)
    assert.deepEqual(thanos.additionalReplicaLabels, ['prometheus_replica']) // the operator's default
    assert.ok(prometheusSpec.externalLabels.cluster)
  })
})

describe('log lines', () => {
  const { processors, connectors, receivers } = values('opentelemetry-collector').config

  test('have the labels that Loki makes streams of, which are those of the demo', () => {
    const [index] = values('loki').loki.limits_config.otlp_config.resource_attributes.attributes_config
    assert.equal(index.action, 'index_label')
    const statements: string[] = processors['transform/labels'].log_statements.flatMap(
      (group: { statements: string[] }) => group.statements,
    )
    const kept = statements.find((statement) => statement.startsWith('keep_keys(resource.attributes'))!
    assert.deepEqual(
      Array.from(kept.matchAll(/"(\w+)"/g), ([, name]) => name),
      index.attributes,
    )
    const [, { match }] = values('loki-stack', demo).promtail.config.snippets.pipelineStages
    assert.equal(match.selector, '{namespace="shop"}')
    for (const { labels = {} } of match.stages)
      for (const label of Object.keys(labels)) assert.ok(index.attributes.includes(label), label)
    for (const label of ['namespace', 'app', 'pod', 'container']) assert.ok(index.attributes.includes(label), label)
    const parsed = receivers.filelog.operators.find(({ type }: { type: string }) => type === 'json_parser')
    assert.match(parsed.if, /== "shop"/)
  })

  test('are counted under the name that the rules ask for', () => {
    const rules = readFileSync(join(charts, 'observability/generated/rules/shop.yaml'), 'utf8')
    const [name] = Object.keys(connectors.count.logs)
    assert.match(rules, new RegExp(`[^\\w]${name}_total{namespace=`))
  })
})

test('each alert of the database leads to a heading of its page', () => {
  const [{ spec }] = objectsIn(readFileSync(join(production, 'database-alerts.yaml'), 'utf8'))
  for (const { alert, annotations } of spec.groups[0].rules) {
    const [, page, anchor] = /\/blob\/main\/(docs\/.+\.md)#(.+)$/.exec(annotations.runbook_url)!
    const text = readFileSync(join(charts, '..', page!), 'utf8')
    const headings = Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading]) =>
      heading!.toLowerCase().replaceAll(' ', '-'),
    )
    assert.ok(headings.includes(anchor!) && text.includes(`\`${alert}\``), alert)
  }
})

/** The names of Secrets that an object refers to. */
function secretsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    if (/^(secretKeyRef|secretRef|accessKeyId|secretAccessKey|objstoreConfig)$/.test(key)) return [inner.name]
    if (key === 'existingSecret') return [inner.name ?? inner]
    if (key === 'internalUsersSecret' || (key === 'secret' && typeof inner === 'string')) return [inner]
    return secretsIn(inner)
  })
}

test('spans go to the Jaeger of this profile', needs('helm'), async () => {
  const { stdout } = await render({ release: 'observability', chart: 'observability', values: [own] })
  const otlp = objectsIn(stdout).find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'otlp')!
  assert.equal(otlp.spec.externalName, `${values('jaeger').fullnameOverride}.observability.svc.cluster.local`)
  const { telemetry } = parse(readFileSync(join(charts, 'service/values.yaml'), 'utf8'))
  assert.equal(new URL(telemetry.otlpEndpoint).hostname, `otlp.${otlp.metadata.namespace}`)
})

test('every Secret that has to be made is in docs/en/production-stack.md, and no other', () => {
  const page = readFileSync(join(charts, '../docs/en/production-stack.md'), 'utf8')
  const told = Array.from(page.matchAll(/create secret generic ([\w-]+)/g), ([, name]) => name!)
  const named = readdirSync(production).flatMap((file) =>
    objectsIn(readFileSync(join(production, file), 'utf8')).flatMap(secretsIn),
  )
  // The operator of the database makes those of its accounts; alerting.md tells of the other.
  const needed = named.filter((name) => !name.endsWith('-superuser') && name !== 'shop-alerts')
  assert.deepEqual([...new Set(told)].sort(), [...new Set(needed)].sort())
})

test('what is asked for by a name in the cluster is a Service that one of the charts makes', {
  skip: upstream.length === 0 && 'no chart can be had',
}, async () => {
  const services = new Set(
    upstream.flatMap(({ text }) =>
      objectsIn(text).flatMap(({ kind, metadata }) => (kind === 'Service' ? [metadata.name] : [])),
    ),
  )
  const asked: [chart: string, address: string][] = [
    ...(await observability(own)).map(({ uid, url }): [string, string] => [uid, url]),
    ['thanos', values('kube-prometheus-stack').grafana.sidecar.datasources.url],
    ['kube-prometheus-stack', values('thanos').additionalEndpoints[0]],
    ['loki', values('opentelemetry-collector').config.exporters['otlp_http/loki'].endpoint],
    ['opensearch', values('jaeger').storage.elasticsearch.url],
  ]
  for (const [chart, address] of asked) {
    const [, name] = /(?:\/\/|_tcp\.)([\w-]+)/.exec(address)!
    if (upstream.some(({ name }) => name === chart)) assert.ok(services.has(name), address)
  }
})

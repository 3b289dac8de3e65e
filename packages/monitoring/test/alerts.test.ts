import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { durationBuckets } from '@hello/telemetry/metrics'
import { parse } from 'yaml'
import { allDashboards } from '../src/all-dashboards.ts'
import { burnWindows } from '../src/burn-rates.ts'
import { secondsOf } from '../src/durations.ts'
import { ownNames } from '../src/names.ts'
import { objectives } from '../src/objectives.ts'
import { postedAlerts } from '../src/posted-alerts.ts'
import { alertsOf, ruleFiles } from '../src/rules.ts'
import { exporterMetrics, exporterMetricsBefore17 } from './exporter-metrics.ts'
import { outsideMetrics } from './outside-metrics.ts'
import { countersOf, exceptions, type Proof, proofs, shownBy } from './proofs.ts'
import { scenarios } from './scenarios/all.ts'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const files = ruleFiles(ownNames)
const rules = alertsOf(files)
const names = [...new Set(rules.map(({ alert }) => alert))].toSorted()
/** Of those that a program posts as well. */
const namesWithRunbook = [...names, ...postedAlerts].toSorted()
const runbook = (language: string, name: string) => read(`docs/${language}/runbooks/${name}.md`)

test('every alert has scenarios that show all that can be shown of it, and somebody who reads its description', (t) => {
  const of = (name: string) => scenarios.filter(({ alert }) => alert === name)
  // Without traffic only counters stand still.
  const canShow = (name: string, proof: Proof) =>
    !exceptions[name]?.[proof] && (proof !== 'no traffic' || countersOf({ ...of(name)[0]!, given: false }).length > 0)
  for (const proof of proofs) {
    const asked = names.filter((name) => canShow(name, proof))
    const missing = asked.filter((name) => !of(name).flatMap(shownBy).includes(proof))
    t.diagnostic(`${proof}: ${asked.length - missing.length} of ${asked.length}`)
    assert.deepEqual(missing, [], proof)
  }
  for (const name of names)
    assert.ok(
      of(name).some(({ expect }) => expect.some(({ description }) => description)),
      `${name}: nobody reads its description`,
    )
})

test('what cannot be shown is not', () => {
  for (const [name, without] of Object.entries(exceptions)) {
    assert.ok(names.includes(name), name)
    const shown = scenarios.filter(({ alert }) => alert === name).flatMap(shownBy)
    for (const proof of shown) assert.ok(!(proof in without), `${name}: ${proof}`)
  }
})

test('every alert says whom it wakes, what it is about, and in one constant line what is wrong', () => {
  for (const { alert, labels, annotations } of rules) {
    assert.match(labels.severity!, alert === 'ShopDeadMansSwitch' ? /^none$/ : /^(critical|warning|info)$/)
    assert.equal(labels.team, 'shop')
    assert.equal(labels.namespace, 'shop')
    assert.doesNotMatch(annotations.summary!, /\{\{/)
    assert.ok(annotations.description, alert)
  }
})

test('every alert has a runbook in both languages and every runbook an alert', () => {
  for (const language of ['en', 'ko'])
    assert.deepEqual(
      readdirSync(new URL(`docs/${language}/runbooks/`, root)).toSorted(),
      namesWithRunbook.map((name) => `${name}.md`),
    )
  for (const { alert, annotations } of rules) assert.equal(annotations.runbook_url, `${ownNames.runbooks}/${alert}.md`)
})

test('every runbook has its five parts in order and a query to diagnose with, the same in both languages', () => {
  const parts = {
    en: ['Meaning', 'Impact', 'Diagnosis', 'Mitigation', 'Prevention'],
    ko: ['의미', '영향', '진단', '완화', '예방'],
  }
  const blocks = (text: string) => [...text.matchAll(/```(?:promql|sh)\n([\s\S]*?)```/g)].map(([, block]) => block)
  for (const name of namesWithRunbook) {
    for (const language of ['en', 'ko'] as const) {
      const text = runbook(language, name)
      assert.equal(text.split('\n')[0], `# ${name}`)
      const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
      assert.deepEqual(headings, parts[language], `${language} ${name}`)
    }
    assert.ok(blocks(runbook('en', name)).length > 0, name)
    assert.deepEqual(blocks(runbook('ko', name)), blocks(runbook('en', name)), name)
    assert.doesNotMatch(runbook('en', name), /kubectl.* scale|-h \/tmp/, `${name}: a command that does not last`)
  }
})

test('every dashboard and every variable that an alert links to exists', () => {
  for (const { alert, annotations } of rules) {
    const url = new URL(annotations.dashboard_url!.replaceAll(/\{\{.*?\}\}/g, 'x'))
    const linked = allDashboards.find(({ uid }) => url.pathname === `/d/${uid}`)
    assert.ok(linked, `${alert}: ${url.pathname}`)
    for (const name of url.searchParams.keys())
      if (name.startsWith('var-'))
        assert.ok(
          linked.templating.list.some((one) => `var-${one.name}` === name),
          name,
        )
    assert.ok(url.searchParams.get('from') && url.searchParams.get('to'), alert)
  }
})

test('every link to log lines is a pane of Grafana Explore that asks Loki', () => {
  for (const { alert, annotations } of rules) {
    const url = new URL(annotations.logs_url!.replaceAll(/\{\{.*?\}\}/g, 'x'))
    const { logs } = JSON.parse(url.searchParams.get('panes')!)
    assert.equal(logs.datasource, 'loki', alert)
    assert.match(logs.queries[0].expr, /^\{namespace="shop", (app="[\w-]+"|level=~"error\|fatal")\}$/, alert)
  }
})

test('every label whose template an alert uses is one that it has', () => {
  const has = new Set(
    scenarios.flatMap(({ alert, expect }) =>
      expect.flatMap(({ fires }) => fires.flatMap((labels) => Object.keys(labels).map((label) => `${alert} ${label}`))),
    ),
  )
  for (const { alert, labels, annotations } of rules)
    for (const [, label] of JSON.stringify(annotations).matchAll(/\{\{ \$labels\.(\w+) \}\}/g))
      assert.ok(labels[label!] || has.has(`${alert} ${label}`), `${alert} has no label ${label}`)
})

/** What the services and the rules expose, by every name under which a query may ask. */
const exposed = new Set([
  ...[...`${read('docs/en/metrics.md')}\n${read('docs/en/healer.md')}`.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].flatMap(
    ([, name, type]) =>
      type === 'counter'
        ? [`${name}_total`]
        : type === 'gauge'
          ? [name!]
          : ['_bucket', '_count', '_sum'].map((suffix) => name + suffix),
  ),
  ...Object.values(files).flatMap(({ groups }) =>
    groups.flatMap(({ rules: all }) => all.flatMap((rule) => ('record' in rule ? [rule.record] : []))),
  ),
  // Of Prometheus itself.
  'prometheus_target_scrape_pool_targets',
  ...Object.values(outsideMetrics).flat(),
  // Of postgres_exporter 0.19.1; packages/monitoring/test/exporter.test.ts asks it.
  ...exporterMetrics,
  ...exporterMetricsBefore17,
])

const metricsIn = (expression: string) =>
  [...expression.replaceAll(/"[^"]*"/g, '""').matchAll(/([a-zA-Z_][\w:]*)\{/g)].map(([, name]) => name!)

test('every metric that a rule or a runbook asks for exists', () => {
  const queries = namesWithRunbook.flatMap((name) =>
    ['en', 'ko'].flatMap((language) =>
      [...runbook(language, name).matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query]) => [name, query!]),
    ),
  )
  const expressions = Object.values(files).flatMap(({ groups }) =>
    groups.flatMap(({ rules: all }) => all.map(({ expr }) => ['rules', expr])),
  )
  for (const [where, expression] of [...queries, ...expressions])
    for (const metric of metricsIn(expression!)) assert.ok(exposed.has(metric), `${where}: no metric ${metric}`)
})

test('what is fast enough is a bound of a bucket', () => {
  for (const seconds of Object.values(objectives.latencySeconds)) assert.ok(durationBuckets.includes(seconds))
})

test('the route groups are those that the gateway lets through', () => {
  const paths = [...read('services/gateway/src/public-routes.ts').matchAll(/path: '\/(\w+)/g)].map(([, group]) => group)
  assert.deepEqual([...new Set(paths)].toSorted(), Object.keys(objectives.latencySeconds).toSorted())
})

test('Prometheus keeps as much as the longest window of a rule', () => {
  const { prometheus } = parse(read('observability-values/kube-prometheus-stack.yaml'))
  const longest = Math.max(...[...burnWindows(objectives), objectives.period].map(secondsOf))
  assert.ok(secondsOf(prometheus.prometheusSpec.retention) >= longest)
})

test('the databases and the write-ahead log, as large as PostgreSQL means it to be, have room on the volume of the chart', () => {
  const { persistence, parameters } = parse(read('charts/postgres/values.yaml'))
  const gibibyte = 2 ** 30
  assert.match(persistence.size, /^\d+Gi$/)
  assert.equal(parameters.max_wal_size, undefined, 'it is 1 GiB by default')
  assert.ok(objectives.databaseLoad.size.bytes + gibibyte <= Number.parseInt(persistence.size, 10) * gibibyte)
})

test('every short window is a twelfth of its long one, or longer where samples are rare', () => {
  for (const { long, short } of [...objectives.burn.page.windows, ...objectives.burn.ticket.windows])
    assert.equal(secondsOf(long) / secondsOf(short), 12)
})

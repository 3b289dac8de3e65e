import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { stringify } from 'yaml'
import { allDashboards } from '../src/all-dashboards.ts'
import { dashboard } from '../src/dashboard.ts'
import { generatedFiles } from '../src/generate.ts'
import { chartNames, ownNames } from '../src/names.ts'
import { objectives } from '../src/objectives.ts'
import { panelQueries } from '../src/panel-queries.ts'
import type { Panel } from '../src/panels.ts'
import { postedAlerts } from '../src/posted-alerts.ts'
import { alertsOf, ruleFiles } from '../src/rules.ts'
import { dashboards } from '../src/shared-names.ts'
import { exporterMetrics, exporterMetricsBefore17 } from './exporter-metrics.ts'
import { outsideMetrics } from './outside-metrics.ts'
import { needsPromtool } from './promtool.ts'

const panels = allDashboards.flatMap((own) =>
  own.panels.filter(({ type }) => type !== 'row').map((panel) => ({ own, panel })),
)
const queries = panelQueries(ownNames)
const name = ({ own, panel }: { own: { title: string }; panel: Panel }) => `${own.title}: ${panel.title}`
const linksOf = ({ links, fieldConfig }: Panel) => [...links, ...(fieldConfig.defaults.links as typeof links)]

/** Rules of Grafana's dashboard-linter v0.2.0 that are not kept here, and why; the others are tests below or in logql.test.ts. */
const notKept = {
  'template-datasource-rule':
    'the uids of the datasources are values of charts/observability, for alerts link by them as well',
  'template-job-rule':
    'namespace and app are what series, lines and traces have in common; the linter advises such a label where datasources differ',
  'template-instance-rule': 'a pod lives for hours; what is of one instance is shown by its legend',
  'target-job-rule': 'every query has a namespace, and an app where it is of a service',
  'target-instance-rule': 'as template-instance-rule',
}

test('panel-datasource-rule: every panel and query asks a datasource whose uid the chart fills', () => {
  const uids = [chartNames.prometheus.uid, chartNames.loki.uid, chartNames.jaeger.uid]
  for (const one of panels)
    for (const { datasource } of [one.panel, ...one.panel.targets]) assert.ok(uids.includes(datasource.uid), name(one))
})

test('panel-title-description-rule: every panel has a title and says what it shows', () => {
  for (const one of panels) assert.ok(one.panel.title && one.panel.description, name(one))
})

test('panel-units-rule: every number has a unit', () => {
  for (const one of panels) assert.ok(one.panel.fieldConfig.defaults.unit, name(one))
})

test('panel-no-targets-rule: every panel asks something', () => {
  for (const one of panels) assert.ok(one.panel.targets.length > 0, name(one))
})

test('target-promql-rule: promtool reads every query of Prometheus', needsPromtool, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'panels-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const asked = queries.filter(({ datasource }) => datasource === 'prometheus')
  const rules = asked.map(({ query }, index) => ({ record: `panel:query${index}`, expr: query }))
  writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'panels', rules }] }))
  const { status, stderr } = spawnSync('promtool', ['check', 'rules', join(folder, 'rules.yaml')], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  assert.ok(asked.length > 40)
})

const expressions = (type: string) =>
  panels.flatMap((one) =>
    one.panel.targets
      .filter(({ datasource }) => datasource.type === type)
      .map(({ expr }) => [name(one), expr!] as const),
  )

test('target-rate-interval-rule: every rate is over $__rate_interval, every sum over the time shown', () => {
  for (const [where, expr] of expressions('prometheus'))
    for (const [, call, window] of expr.matchAll(/\b(i?rate|increase|delta|changes)\([^[]*\[([^\]]*)\]/g))
      assert.equal(window, call!.endsWith('rate') ? '$__rate_interval' : '$__range', where)
})

test('target-counter-agg-rule: every counter is read by a rate or an increase', () => {
  for (const [where, expr] of expressions('prometheus'))
    for (const [all, call] of expr.matchAll(/(\w+\()?\w+_total\{/g))
      assert.match(call ?? all, /^(rate|irate|increase)\($/, where)
})

test('target-logql-auto-rule: every rate of lines is over $__auto', () => {
  for (const [where, expr] of expressions('loki'))
    for (const [, window] of expr.matchAll(/\[([^\]]*)\]/g))
      assert.ok(window === '$__auto' || window === '$__range', where)
})

test('template-label-promql-rule, template-on-time-change-reload-rule: variables are labels, read when the time changes', () => {
  for (const { title, templating } of allDashboards)
    for (const { query, refresh } of templating.list) {
      assert.match(query.query, /^label_values\([\w:]+(\{.*\})?, \w+\)$/, title)
      assert.equal(refresh, 2, title)
    }
})

test('uneditable-dashboard: no dashboard is edited in Grafana', () => {
  for (const { title, editable } of allDashboards) assert.equal(editable, false, title)
})

test('every rule of the linter is a test, or has a reason not to be', () => {
  const here = ['dashboards.test.ts', 'logql.test.ts'].map((file) =>
    readFileSync(new URL(file, import.meta.url), 'utf8'),
  )
  const kept = here.flatMap((text) =>
    [...text.matchAll(/^test\('([^:']+):/gm)].flatMap(([, rules]) => rules!.split(', ')),
  )
  const rules = `template-datasource-rule template-job-rule template-instance-rule template-label-promql-rule
    template-on-time-change-reload-rule panel-datasource-rule panel-title-description-rule panel-units-rule
    panel-no-targets-rule target-logql-rule target-logql-auto-rule target-promql-rule target-rate-interval-rule
    target-job-rule target-instance-rule target-counter-agg-rule uneditable-dashboard`
  assert.deepEqual([...kept, ...Object.keys(notKept)].toSorted(), rules.split(/\s+/).toSorted())
})

test('every threshold is a number of the objectives', () => {
  const numbers = (value: unknown): number[] =>
    typeof value === 'number'
      ? [value]
      : typeof value === 'object'
        ? Object.values(value as object).flatMap(numbers)
        : []
  const known = new Set(numbers(objectives))
  for (const one of panels) {
    const { steps } = one.panel.fieldConfig.defaults.thresholds as { steps: { value: number | null }[] }
    for (const { value } of steps) assert.ok(value === null || known.has(value), `${name(one)}: ${value}`)
  }
})

test('every dashboard is there under its uid, with the variables that links may set', () => {
  assert.deepEqual(
    allDashboards.map(({ uid, title, templating }) => ({
      uid,
      title,
      variables: templating.list.map((one) => one.name),
    })),
    Object.values(dashboards).map((own) => ({ ...own, variables: [...own.variables] })),
  )
})

test('every metric that a panel asks for exists', () => {
  const catalogue = ['metrics', 'healer']
    .map((page) => readFileSync(new URL(`../../../docs/en/${page}.md`, import.meta.url), 'utf8'))
    .join('\n')
  const recorded = Object.values(ruleFiles(ownNames)).flatMap(({ groups }) =>
    groups.flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [rule.record] : []))),
  )
  const exposed = new Set([
    ...[...catalogue.matchAll(/^\| `(\w+)` \|/gm)].flatMap(([, metric]) =>
      ['', '_total', '_bucket', '_count', '_sum'].map((suffix) => metric + suffix),
    ),
    ...recorded,
    ...Object.values(outsideMetrics).flat(),
    ...exporterMetrics,
    ...exporterMetricsBefore17,
  ])
  for (const { dashboard: where, panel, query } of queries.filter(({ datasource }) => datasource === 'prometheus'))
    for (const [, metric] of query.replaceAll(/"[^"]*"/g, '""').matchAll(/([a-zA-Z_][\w:]*)\{/g))
      assert.ok(exposed.has(metric!), `${where}: ${panel}: no metric ${metric}`)
})

test('every panel leads on, to log lines, traces, a dashboard or a runbook that is there', () => {
  const alerts = new Set([...alertsOf(ruleFiles(ownNames)).map(({ alert }) => alert), ...postedAlerts])
  const uids: string[] = Object.values(dashboards).map(({ uid }) => uid)
  for (const one of panels) {
    assert.ok(linksOf(one.panel).length > 0, name(one))
    for (const { url } of linksOf(one.panel)) {
      const [, uid] = /^\/d\/([\w-]+)\?/.exec(url) ?? []
      const [, alert] = /^RUNBOOKS\/(\w+)\.md$/.exec(url) ?? []
      if (uid) assert.ok(uids.includes(uid), name(one))
      else if (alert) assert.ok(alerts.has(alert), `${name(one)}: ${alert}`)
      else assert.match(url, /^\/explore\?schemaVersion=1&panes=%7B|^RUNBOOKS\/\$\{__data\.fields\.alertname\}\.md$/)
    }
  }
})

test('a link to Explore is JSON once its variables are filled', () => {
  for (const one of panels)
    for (const { url } of linksOf(one.panel).filter((link) => link.url.startsWith('/explore'))) {
      const filledUrl = new URL(url.replaceAll(/\$\{[^}]+\}/g, 'x'), 'http://grafana')
      assert.ok(JSON.parse(filledUrl.searchParams.get('panes')!).shown.queries.length, name(one))
    }
})

test('ids are unique, stay when another panel comes before, and no panel lies on another', () => {
  for (const { title, panels: all } of allDashboards) {
    const ids = all.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length, title)
    const cells = new Set<string>()
    for (const { gridPos } of all)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.ok(x < 24 && !cells.has(`${x},${y}`), title)
          cells.add(`${x},${y}`)
        }
  }
  const [first, second] = panels.map(({ panel }) => panel)
  const idOf = (shown: Panel[]) =>
    dashboard('overview', '', [{ title: 'Row', height: 5, panels: shown }]).panels.find(
      ({ title }) => title === second!.title,
    )!.id
  assert.equal(idOf([first!, second!]), idOf([second!]))
})

test('response times show exemplars, so that a point leads to its trace', () => {
  const times = panels.filter(({ panel }) => panel.targets.some(({ expr }) => expr?.startsWith('histogram_quantile(')))
  assert.ok(times.length >= 9)
  for (const one of times) for (const { exemplar } of one.panel.targets) assert.equal(exemplar, true, name(one))
})

test('what Grafana gets has nothing that only tests read', () => {
  for (const content of Object.values(generatedFiles)) assert.ok(!content.includes('filledBy'))
})

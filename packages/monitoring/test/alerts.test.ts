import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { services } from '@hello/shop/services'
import { stringify } from 'yaml'
import { type AlertRule, alertRules } from '../src/alerts.ts'

const rules: AlertRule[] = alertRules.groups.flatMap((group) => group.rules)
const names = [...new Set(rules.map(({ alert }) => alert))]

interface RuleTest {
  alert: string
  title: string
  /** Series in promtool's notation, one sample a minute. */
  series: Record<string, string>
  at: string
  /** Labels of what fires besides alertname, severity and team; empty for silence. */
  fires: Record<string, string>[]
  /** The description that is expected of what fires. */
  description?: string
}

const up = (app: string, values: string) => ({ [`up{namespace="shop", app="${app}"}`]: values })
const allUp = (values: string) => Object.assign({}, ...services.map(({ name }) => up(name, values)))

/** Prometheus of itself: how many targets a release's ServiceMonitor has. */
const pool = (app: string, values: string) => ({
  [`prometheus_target_scrape_pool_targets{namespace="monitoring", scrape_job="serviceMonitor/shop/${app}/0"}`]: values,
})
const requests = (app: string, status: string, values: string) => ({
  [`http_server_request_duration_seconds_count{namespace="shop", app="${app}", http_response_status_code="${status}"}`]:
    values,
})
const pending = (values: string) => ({
  'shop_oldest_pending_order_age_seconds{namespace="shop", app="order"}': values,
})

const sampleAge = (app: string, sample: string, values: string) => ({
  [`database_sample_age_seconds{namespace="shop", app="${app}", sample="${sample}", pod="a"}`]: values,
})

const tests: RuleTest[] = [
  {
    alert: 'ShopServiceDown',
    title: 'fires when the only pod of a service stops answering',
    series: { ...allUp('1x10'), ...up('order', '1 1 1 0 0 0 0') },
    at: '5m',
    fires: [{ app: 'order' }],
    description: 'No pod of order has answered Prometheus for a minute.',
  },
  {
    alert: 'ShopServiceDown',
    title: 'fires when a service vanishes with its target',
    series: { ...allUp('1x20'), ...up('product', '1 1 1 stale') },
    at: '10m',
    fires: [{ app: 'product' }],
    description: 'No pod of product has answered Prometheus for a minute.',
  },
  {
    alert: 'ShopServiceDown',
    title: 'fires for a service that is installed and has had no pod from the start',
    series: { ...allUp('1x20'), ...pool('order', '1x20'), ...pool('cart', '0x20') },
    at: '3m',
    fires: [{ app: 'cart' }],
    description: 'No pod of cart has answered Prometheus for a minute.',
  },
  {
    alert: 'ShopServiceDown',
    title: 'is silent an hour after a service was taken away with its monitor',
    series: { ...allUp('1x90'), ...up('order', '1 1 1 stale'), ...pool('order', '1 1 1 stale') },
    at: '75m',
    fires: [],
  },
  {
    alert: 'ShopServiceDown',
    title: 'is silent about the exporter of PostgreSQL, which answers nobody else',
    series: { ...allUp('1x20'), ...pool('postgres', '0x20'), ...up('postgres', '1 1 0x10') },
    at: '8m',
    fires: [],
  },
  {
    alert: 'ShopServiceDown',
    title: 'is silent while another pod of the service answers',
    series: { ...allUp('1x10'), 'up{namespace="shop", app="order", pod="b"}': '0x10' },
    at: '8m',
    fires: [],
  },
  {
    alert: 'ShopHighErrorRatio',
    title: 'fires for the service of which one answer in ten is a 5xx, and only for it',
    series: {
      ...requests('gateway', '200', '0+90x15'),
      ...requests('gateway', '503', '0+10x15'),
      ...requests('product', '200', '0+100x15'),
    },
    at: '10m',
    fires: [{ app: 'gateway' }],
    description: 'gateway answered 10% of its requests of the last 5 minutes with 5xx.',
  },
  {
    alert: 'ShopHighErrorRatio',
    title: 'fires all the same while most clients give up before they are answered',
    series: {
      ...requests('gateway', '', '0+900x15'),
      ...requests('gateway', '200', '0+90x15'),
      ...requests('gateway', '503', '0+10x15'),
    },
    at: '10m',
    fires: [{ app: 'gateway' }],
    description: 'gateway answered 10% of its requests of the last 5 minutes with 5xx.',
  },
  {
    alert: 'ShopHighErrorRatio',
    title: "is silent about the callers' errors and a few 5xx",
    series: {
      ...requests('gateway', '200', '0+60x15'),
      ...requests('gateway', '404', '0+38x15'),
      ...requests('gateway', '503', '0+2x15'),
    },
    at: '10m',
    fires: [],
  },
  {
    alert: 'ShopOrderPendingTooLong',
    title: 'fires when an order stays pending for over a minute',
    series: pending('0 30 90 150 210'),
    at: '4m',
    fires: [{ app: 'order' }],
    description: 'The oldest pending order is 3m 30s old; the recovery loop settles one within seconds.',
  },
  {
    alert: 'ShopOrderPendingTooLong',
    title: 'is silent while each order is settled within a minute',
    series: pending('0 20 5 40 0 30'),
    at: '5m',
    fires: [],
  },
  {
    alert: 'ShopOrderPendingTooLong',
    title: 'is silent when nobody can tell any more how old the order is',
    series: pending('0 30 90 stale'),
    at: '5m',
    fires: [],
  },
  {
    alert: 'ShopDatabaseNotSampled',
    title: 'fires for the sample that no pod can read',
    series: {
      ...sampleAge('order', 'stored-orders', '2 4 60 120 180 240'),
      ...sampleAge('order', 'pending-orders', '2x10'),
    },
    at: '5m',
    fires: [{ app: 'order', sample: 'stored-orders' }],
    description: 'No pod of order has read the sample stored-orders for 4m 0s.',
  },
  {
    alert: 'ShopDatabaseNotSampled',
    title: 'is silent while another pod can, and while a slow sample waits for its turn',
    series: {
      ...sampleAge('order', 'stored-orders', '2 60 120 180 240 300'),
      'database_sample_age_seconds{namespace="shop", app="order", sample="stored-orders", pod="b"}': '3x10',
      ...sampleAge('inventory', 'stock-invariant', '5 31 12 29 33 8'),
    },
    at: '5m',
    fires: [],
  },
]

function promtool(folder: string, { alert, series, at, fires, description, title }: RuleTest): string | undefined {
  const rule = rules.find((candidate) => candidate.alert === alert)!
  const expected = fires.map((labels) => ({
    exp_labels: { severity: rule.labels.severity, team: rule.labels.team, ...labels },
    exp_annotations: { ...rule.annotations, description },
  }))
  const file = join(folder, 'test.yaml')
  writeFileSync(
    file,
    stringify({
      rule_files: ['rules.yaml'],
      evaluation_interval: '15s',
      tests: [
        {
          name: title,
          interval: '1m',
          input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected }],
        },
      ],
    }),
  )
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
  return status === 0 ? undefined : stdout + stderr
}

const missing = spawnSync('promtool', ['--version']).error && 'promtool is not on PATH'

test('the rules against promtool', { skip: missing }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'rules.yaml'), stringify(alertRules))

  await t.test('are accepted', () => {
    execFileSync('promtool', ['check', 'rules', '--lint-fatal', join(folder, 'rules.yaml')])
  })
  for (const ruleTest of tests)
    await t.test(`${ruleTest.alert} ${ruleTest.title}`, () => {
      assert.equal(promtool(folder, ruleTest), undefined)
    })
})

test('every alert has a case that fires and one that is silent', () => {
  for (const name of names) {
    const own = tests.filter(({ alert }) => alert === name)
    assert.ok(own.some(({ fires }) => fires.length > 0) && own.some(({ fires }) => fires.length === 0), name)
  }
})

test('every alert has a severity, a constant summary and a runbook in both languages', () => {
  for (const { alert, labels, annotations } of rules) {
    assert.match(labels.severity!, /^(critical|warning)$/)
    assert.doesNotMatch(annotations.summary!, /\{\{/)
    assert.equal(annotations.runbook_url, `RUNBOOKS/${alert}.md`)
    for (const language of ['en', 'ko']) {
      const runbook = new URL(`../../../docs/${language}/runbooks/${alert}.md`, import.meta.url)
      assert.ok(existsSync(runbook), `${runbook.pathname} is missing`)
      assert.equal(
        readFileSync(runbook, 'utf8').match(/^## /gm)?.length,
        4,
        `${alert}: meaning, impact, diagnosis, mitigation`,
      )
    }
  }
})

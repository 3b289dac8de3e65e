import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import type { Actions, Step } from '../src/actions.ts'
import { openAlertmanager } from '../src/alertmanager.ts'
import { buildApp } from '../src/app.ts'
import { type Care, createCare } from '../src/care.ts'
import { openOrderCheck } from '../src/order-check.ts'
import { defaultPolicy, type Policy } from '../src/policy.ts'
import { alertOf, startAlertmanager } from './fake-alertmanager.ts'
import { testConfig } from './healer-config.ts'

const lag = alertOf({ alertname: 'ShopEventLoopLag', app: 'order' })

let status = 201
const alertmanager = await startAlertmanager()
const gateway = await startServer((_, response) => json(response, status, {}))

describe('alerts in care', () => {
  let app: Awaited<ReturnType<typeof buildApp>>
  const close: (() => Promise<unknown>)[] = []
  /** What was done, in order. */
  let done: string[]
  let now: number
  let care: Care

  const step = (what: string): Step => ({ what, take: async () => void done.push(what) })
  const actions: Actions = {
    flagsOff: async () => undefined,
    endBlockingSessions: async (database, seconds) => step(`sessions of ${database} after ${seconds} s`),
    restart: async (workload) => step(`restart ${workload}`),
    undoRollout: async (workload) => step(`undo ${workload}`),
  }

  before(async () => {
    app = await buildApp({ ...testConfig, ALERTMANAGER_URL: alertmanager.url, GATEWAY_SERVICE_URL: gateway.url })
    await app.ready()
  })
  after(async () => {
    await Promise.all(close.map((one) => one()))
    await app.close()
  })

  function begin(policy: Partial<Policy> = {}, own: Partial<Actions> = {}) {
    const asked = openAlertmanager({ url: alertmanager.url, observer: {} })
    const orders = openOrderCheck({ url: gateway.url, observer: {}, productId: 'product1' })
    close.push(asked.close, orders.close)
    care = createCare({
      policy: { ...defaultPolicy, dryRun: false, cooldown: 300, ...policy },
      alertmanager: asked,
      actions: { ...actions, ...own },
      sells: orders.sells,
      metrics: app.healerMetrics,
      log: app.log,
      now: () => now,
    })
  }

  beforeEach(() => {
    done = []
    gateway.seen.length = 0
    Object.assign(alertmanager, { firing: [], posted: [], away: false })
    now = Date.parse(lag.startsAt) - 1000
    status = 201
    begin()
    now = Date.parse(lag.startsAt)
  })

  /** Lets `seconds` pass and looks. */
  async function lookAfter(seconds: number) {
    now += seconds * 1000
    await care.look()
  }
  const hear = (...alerts: ReturnType<typeof alertOf>[]) => {
    alertmanager.firing = alerts
    for (const alert of alerts) care.hear(alert.fingerprint, undefined)
  }
  const counted = async (name: string) =>
    Number(
      new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (\\d+)`, 'm').exec(
        await app.metrics.client.register.metrics(),
      )?.[1],
    )

  test('one action is done about an alert, however often it is heard of', async () => {
    const before = await counted('shop_healer_actions_total{action="restart",outcome="done"}')
    hear(lag)
    await lookAfter(0)
    hear(lag)
    await lookAfter(299)
    assert.deepEqual(done, ['restart order'])
    assert.equal(await counted('shop_healer_actions_total{action="restart",outcome="done"}'), before + 1)
  })

  test('it is healed when it was silent for 120 s and an order works, and not before', async () => {
    const before = await counted('shop_healer_healed_total')
    hear(lag)
    await lookAfter(0)
    alertmanager.firing = []
    await lookAfter(10)
    await lookAfter(119)
    assert.equal(gateway.seen.length, 0)
    assert.equal(await counted('shop_healer_healed_total'), before)
    await lookAfter(1)
    assert.equal(gateway.seen[0]!.path, '/api/orders')
    assert.equal(await counted('shop_healer_healed_total'), before + 1)
    assert.equal(care.size, 0)
  })

  test('silence is counted anew when it fires again, and when nobody knows', async () => {
    hear(lag)
    await lookAfter(0)
    alertmanager.firing = []
    await lookAfter(10)
    alertmanager.firing = [lag]
    await lookAfter(60)
    alertmanager.firing = []
    await lookAfter(1)
    alertmanager.away = true
    await assert.rejects(lookAfter(100), /alertmanager: bad-answer/)
    alertmanager.away = false
    await lookAfter(30)
    await lookAfter(119)
    assert.equal(gateway.seen.length, 0)
    await lookAfter(1)
    assert.equal(gateway.seen.length, 1)
  })

  test('without an order that works nothing is healed, each try is the same order, and a person is paged', async () => {
    status = 503
    hear(lag)
    await lookAfter(0)
    alertmanager.firing = []
    await lookAfter(1)
    await lookAfter(120)
    await lookAfter(5)
    assert.equal(care.size, 1)
    assert.equal(alertmanager.posted.length, 0)
    assert.equal(new Set(gateway.seen.map(({ headers }) => headers['idempotency-key'])).size, 1)
    status = 202
    await lookAfter(180)
    assert.equal(alertmanager.posted[0]!.labels.alertname, 'ShopHealerGaveUp')
    status = 201
    // The breaker of the gateway has opened meanwhile.
    begin()
  })

  test('an order that is refused for its stock went all the way', async () => {
    status = 409
    hear(lag)
    await lookAfter(0)
    alertmanager.firing = []
    await lookAfter(1)
    await lookAfter(120)
    assert.equal(care.size, 0)
  })

  test('three actions that do not help are all, and a person is paged until it ends', async () => {
    hear(lag)
    for (const seconds of [0, 300, 300, 300, 5]) await lookAfter(seconds)
    assert.deepEqual(done, ['restart order', 'restart order', 'restart order'])
    assert.equal(alertmanager.posted.length, 1)
    const { labels, annotations } = alertmanager.posted.at(-1)!
    assert.deepEqual(labels, {
      ...{ alertname: 'ShopHealerGaveUp', severity: 'critical', about: 'ShopEventLoopLag' },
      ...{ app: 'order', namespace: 'shop', team: 'shop' },
    })
    assert.equal(annotations.runbook_url, 'https://example.com/runbooks/ShopHealerGaveUp.md')
    assert.equal(await counted('shop_healer_given_up_alerts'), 1)

    await lookAfter(60)
    assert.equal(alertmanager.posted.length, 2)
    assert.ok(Date.parse(alertmanager.posted[1]!.endsAt) > now)

    alertmanager.firing = []
    await lookAfter(5)
    await lookAfter(120)
    assert.equal(alertmanager.posted.length, 3)
    assert.ok(Date.parse(alertmanager.posted[2]!.endsAt) <= now)
    assert.equal(await counted('shop_healer_given_up_alerts'), 0)
  })

  test('actions that fail are strikes, too', async () => {
    begin({}, { restart: () => Promise.reject(new Error('no launcher')) })
    hear(lag)
    now = Date.parse(lag.startsAt) + 300_000
    for (const seconds of [0, 300, 300, 300]) await lookAfter(seconds)
    assert.equal(alertmanager.posted[0]!.labels.about, 'ShopEventLoopLag')
  })

  test('a dry run does nothing, says so, and pages nobody', async () => {
    const before = await counted('shop_healer_actions_total{action="restart",outcome="dry-run"}')
    now = Date.parse(lag.startsAt) - 1000
    begin({ dryRun: true })
    hear(lag)
    for (const seconds of [1, 300, 300, 300, 300]) await lookAfter(seconds)
    assert.deepEqual(done, [])
    assert.equal(alertmanager.posted.length, 0)
    assert.equal(await counted('shop_healer_actions_total{action="restart",outcome="dry-run"}'), before + 5)
  })

  test('nothing is done about an alert that is not in the list, that is silenced, or that has ended', async () => {
    hear(
      alertOf({ alertname: 'ShopStockInvariantViolated', app: 'inventory' }),
      alertOf(
        { alertname: 'ShopHeapGrowth', app: 'product' },
        { fingerprint: 'b'.repeat(16), status: { state: 'suppressed' } },
      ),
    )
    care.hear('c'.repeat(16), undefined)
    await lookAfter(0)
    await lookAfter(600)
    assert.deepEqual(done, [])
    assert.equal(care.size, 1)
  })

  test('where there is nothing to do, nothing is counted against the alert', async () => {
    begin({}, { restart: async () => undefined })
    now = Date.parse(lag.startsAt) + 300_000
    hear(lag)
    for (const seconds of [0, 300, 300, 300, 300]) await lookAfter(seconds)
    assert.equal(alertmanager.posted.length, 0)
    alertmanager.firing = []
    await lookAfter(5)
    assert.equal(care.size, 0)
  })

  test('a fault flag that is on is switched off before anything is restarted', async () => {
    const asked: (string | undefined)[] = []
    now = Date.parse(lag.startsAt) - 1000
    begin(
      {},
      {
        async flagsOff(app) {
          asked.push(app)
          return step('flags off')
        },
      },
    )
    hear(
      lag,
      alertOf({ alertname: 'ShopErrorBudgetBurn', objective: 'orders-availability' }, { fingerprint: 'd'.repeat(16) }),
    )
    await lookAfter(1)
    assert.deepEqual(done, ['flags off', 'flags off'])
    assert.deepEqual(asked, ['order', undefined])
  })

  test('two alerts about one workload make one action', async () => {
    hear(lag, alertOf({ alertname: 'ShopHeapGrowth', app: 'order' }, { fingerprint: 'b'.repeat(16) }))
    await lookAfter(0)
    assert.deepEqual(done, ['restart order'])
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alertmanager, begin, care, clock, counted, done, hear, lag, lookAfter, step } from './alerts-in-care.ts'
import { alertOf } from './fake-alertmanager.ts'

describe('an alert in care', () => {
  test('one action is done about an alert, however often it is heard of', async () => {
    const before = await counted('shop_healer_actions_total{action="restart",outcome="done"}')
    hear(lag)
    await lookAfter(0)
    hear(lag)
    await lookAfter(299)
    assert.deepEqual(done, ['restart order'])
    assert.equal(await counted('shop_healer_actions_total{action="restart",outcome="done"}'), before + 1)
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
    assert.ok(Date.parse(alertmanager.posted[1]!.endsAt) > clock.now)

    alertmanager.firing = []
    await lookAfter(5)
    await lookAfter(120)
    assert.equal(alertmanager.posted.length, 3)
    assert.ok(Date.parse(alertmanager.posted[2]!.endsAt) <= clock.now)
    assert.equal(await counted('shop_healer_given_up_alerts'), 0)
  })

  test('actions that fail are strikes, too', async () => {
    begin({}, { restart: () => Promise.reject(new Error('no launcher')) })
    hear(lag)
    clock.now = Date.parse(lag.startsAt) + 300_000
    for (const seconds of [0, 300, 300, 300]) await lookAfter(seconds)
    assert.equal(alertmanager.posted[0]!.labels.about, 'ShopEventLoopLag')
  })

  test('a dry run does nothing, says so, and pages nobody', async () => {
    const before = await counted('shop_healer_actions_total{action="restart",outcome="dry-run"}')
    clock.now = Date.parse(lag.startsAt) - 1000
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
    clock.now = Date.parse(lag.startsAt) + 300_000
    hear(lag)
    for (const seconds of [0, 300, 300, 300, 300]) await lookAfter(seconds)
    assert.equal(alertmanager.posted.length, 0)
    alertmanager.firing = []
    await lookAfter(5)
    assert.equal(care.size, 0)
  })

  test('a fault flag that is on is switched off before anything is restarted', async () => {
    const asked: (string | undefined)[] = []
    clock.now = Date.parse(lag.startsAt) - 1000
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

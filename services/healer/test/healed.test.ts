import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { alertmanager, begin, care, counted, gateway, gatewaySays, hear, lag, lookAfter } from './alerts-in-care.ts'

describe('an alert that has ended after an action', () => {
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
    gatewaySays.status = 503
    hear(lag)
    await lookAfter(0)
    alertmanager.firing = []
    await lookAfter(1)
    await lookAfter(120)
    await lookAfter(5)
    assert.equal(care.size, 1)
    assert.equal(alertmanager.posted.length, 0)
    assert.equal(new Set(gateway.seen.map(({ headers }) => headers['idempotency-key'])).size, 1)
    gatewaySays.status = 202
    await lookAfter(180)
    assert.equal(alertmanager.posted[0]!.labels.alertname, 'ShopHealerGaveUp')
    gatewaySays.status = 201
    // The breaker of the gateway has opened meanwhile.
    begin()
  })

  test('an order that is refused for its stock went all the way', async () => {
    gatewaySays.status = 409
    hear(lag)
    await lookAfter(0)
    alertmanager.firing = []
    await lookAfter(1)
    await lookAfter(120)
    assert.equal(care.size, 0)
  })
})

import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { unusedUrl } from '@hello/service-kit/testing/http-server'
import { eventually } from '@hello/test-support/eventually'
import { buildApp } from '../src/app.ts'
import { alertOf, startAlertmanager } from './fake-alertmanager.ts'
import { testConfig, token } from './healer-config.ts'

const fingerprint = 'a'.repeat(16)
const restart = alertOf({ alertname: 'ShopEventLoopLag', app: 'order' }, { fingerprint })

const notification = (own: object = {}) => ({
  version: '4',
  groupKey: '{}:{alertname="ShopEventLoopLag"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'healer',
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example.com',
  alerts: [
    {
      ...{ status: 'firing', fingerprint, labels: restart.labels, annotations: {} },
      ...{ startsAt: restart.startsAt, endsAt: '0001-01-01T00:00:00Z', generatorURL: '' },
    },
  ],
  ...own,
})

const alertmanager = await startAlertmanager()
const gatewayUrl = await unusedUrl()

describe('POST /alerts', () => {
  let app: Awaited<ReturnType<typeof buildApp>>
  let restarts: string[] = []
  before(async () => {
    app = await buildApp(
      {
        ...testConfig,
        HEALER_DRY_RUN: false,
        ALERTMANAGER_URL: alertmanager.url,
        GATEWAY_SERVICE_URL: gatewayUrl,
      },
      {
        actions: {
          restart: async (workload) => ({ what: workload, take: async () => void restarts.push(workload) }),
        },
      },
    )
    await app.ready()
  })
  after(() => app.close())
  beforeEach(() => {
    restarts = []
    alertmanager.firing = []
    alertmanager.asked = 0
  })

  const metrics = () => app.metrics.client.register.metrics()
  const post = (payload: object, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
    app.inject({ method: 'POST', url: '/alerts', payload, headers })

  test('is refused without the token, and with another one', async () => {
    alertmanager.firing = [restart]
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: token }]) {
      const answer = await post(notification(), headers)
      assert.equal(answer.statusCode, 401)
      assert.match(answer.json().type, /token-missing$/)
      assert.equal(answer.headers['www-authenticate'], 'Bearer')
    }
    assert.deepEqual(restarts, [])
  })

  test('is refused with a body that is none of Alertmanager', async () => {
    const [alert] = notification().alerts
    const { fingerprint: _, ...without } = alert!
    for (const payload of [
      {},
      notification({ version: '3' }),
      notification({ alerts: [without] }),
      notification({ alerts: [{ ...alert, fingerprint: '../../etc' }] }),
      notification({ alerts: [{ ...alert, labels: { app: 1 } }] }),
    ]) {
      const answer = await post(payload)
      assert.equal(answer.statusCode, 400, JSON.stringify(payload))
    }
  })

  test('does nothing about an alert of which Alertmanager itself knows nothing', async () => {
    const answer = await post(notification())
    assert.equal(answer.statusCode, 202)
    assert.deepEqual(answer.json(), { heard: 1 })
    await eventually(() => alertmanager.asked > 0)
    await eventually(async () => assert.match(await metrics(), /^shop_healer_open_alerts 0$/m))
    assert.deepEqual(restarts, [])
  })

  test('acts on what Alertmanager says, not on what the body says', async () => {
    alertmanager.firing = [{ ...restart, startsAt: new Date().toISOString() }]
    const [alert] = notification().alerts
    const answer = await post(notification({ alerts: [{ ...alert, labels: { ...alert!.labels, app: 'gateway' } }] }))
    assert.equal(answer.statusCode, 202)
    await eventually(() => assert.deepEqual(restarts, ['order']))
  })

  test('takes nothing into care that has ended', async () => {
    const [alert] = notification().alerts
    const answer = await post(notification({ status: 'resolved', alerts: [{ ...alert, status: 'resolved' }] }))
    assert.deepEqual(answer.json(), { heard: 0 })
  })
})

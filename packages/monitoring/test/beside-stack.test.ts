import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { noAlertmanager, runAlertmanager } from '@hello/test-support/alertmanager-process'
import { eventually } from '@hello/test-support/eventually'
import { asTheOperator } from './as-the-operator.ts'
import { type FiredAlert, fired } from './fired.ts'
import { noHelm, renderRoutes } from './rendered-routes.ts'

const others = (alertname: string, severity: string, namespace: string): FiredAlert => ({
  labels: { alertname, severity, namespace },
  annotations: {},
})

const alerts = [
  fired('ShopServiceDown', { app: 'order' }),
  // Explained by it.
  fired('ShopEventLoopLag', { app: 'order' }),
  fired('ShopDeadMansSwitch', {}),
  others('KubePodCrashLooping', 'warning', 'shop'),
  others('KubePersistentVolumeFillingUp', 'critical', 'monitoring'),
  others('KubePodNotReady', 'warning', 'observability'),
  others('KubePodCrashLooping', 'warning', 'elsewhere'),
  // Fires where something is only info, and silences it.
  others('InfoInhibitor', 'none', 'shop'),
  others('CPUThrottlingHigh', 'info', 'shop'),
]

/** What kube-prometheus-stack's Alertmanager has by default, with what the operator adds of AlertmanagerConfigs, before its own. */
function withDefaults(added: ReturnType<typeof asTheOperator>[]) {
  return {
    route: {
      receiver: 'null',
      group_by: ['namespace'],
      routes: [...added.map(({ route }) => route), { receiver: 'null', matchers: ['alertname = "Watchdog"'] }],
    },
    receivers: [...added.flatMap(({ receivers }) => receivers), { name: 'null' }],
    inhibit_rules: [
      ...added.flatMap(({ inhibit_rules }) => inhibit_rules),
      { source_matchers: ['alertname = InfoInhibitor'], target_matchers: ['severity = info'], equal: ['namespace'] },
    ],
  }
}

describe('beside a kube-prometheus-stack with its defaults', { skip: noAlertmanager || noHelm }, () => {
  const told: Record<string, string> = {}
  before(async () => {
    const objects = renderRoutes('monitoring', { alertmanager: { matcherStrategy: 'OnNamespace' } })
    const added = objects.map((object) => asTheOperator(object, 'OnNamespace', ({ key }) => `/secrets/${key}`))
    const { address, end } = await runAlertmanager(withDefaults(added))
    await fetch(`${address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    })
    try {
      await eventually(async () => {
        const shown = await (await fetch(`${address}/api/v2/alerts`)).json()
        assert.equal(shown.length, alerts.length)
        for (const { labels, receivers, status } of shown) {
          assert.notEqual(status.state, 'unprocessed')
          const names = receivers.map(({ name }: { name: string }) => name).join(', ')
          told[`${labels.namespace} ${labels.alertname}`] = status.state === 'suppressed' ? 'silenced' : names
        }
      })
    } finally {
      await end()
    }
  })

  test("a route in each namespace brings the alerts of the shop and of others' rules to the same receivers", () => {
    assert.equal(told['shop ShopServiceDown'], 'shop/shop/pages')
    assert.equal(told['shop KubePodCrashLooping'], 'shop/shop/tickets')
    assert.equal(told['monitoring KubePersistentVolumeFillingUp'], 'monitoring/shop/pages')
    assert.equal(told['observability KubePodNotReady'], 'observability/shop/tickets')
    assert.equal(told['elsewhere KubePodCrashLooping'], 'null')
  })

  test('one alert of the shop explains another', () => {
    assert.equal(told['shop ShopEventLoopLag'], 'silenced')
  })

  test("what silences all that is only info leaves the dead man's switch", () => {
    assert.equal(told['shop CPUThrottlingHigh'], 'silenced')
    assert.equal(told['shop ShopDeadMansSwitch'], 'shop/shop/heartbeat')
  })
})

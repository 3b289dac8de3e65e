import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { services } from '@hello/shop/services'
import { noAlertmanager, runAlertmanager } from '@hello/test-support/alertmanager-process'
import { eventually } from '@hello/test-support/eventually'
import { alertmanagerConfiguration } from '../src/alertmanager.ts'
import { inhibitRules } from '../src/inhibition.ts'
import { ownNames } from '../src/names.ts'
import { othersAlerts } from '../src/others-alerts.ts'
import { alertsOf, ruleFiles } from '../src/rules.ts'
import { fired } from './fired.ts'

const config = alertmanagerConfiguration(ownNames, { language: 'en', pages: {}, tickets: {} })

interface Fired {
  labels: Record<string, string>
  status: { state: string }
}

const firing = (name: string, own: Record<string, string>) => fired(name, own).labels

const burns = (group: string) => [
  firing('ShopErrorBudgetBurn', { severity: 'critical', kind: 'availability', objective: `${group}-availability` }),
  firing('ShopLatencyBudgetBurn', { severity: 'critical', kind: 'latency', objective: `${group}-latency` }),
  firing('ShopErrorBudgetBurn', { severity: 'warning', kind: 'availability', objective: `${group}-availability` }),
]
const outcome = firing('ShopOrderOutcomeBudgetBurn', {
  severity: 'critical',
  kind: 'outcome',
  objective: 'orders-outcome',
})

describe('what Alertmanager tells of', { skip: noAlertmanager }, () => {
  let alertmanager: Awaited<ReturnType<typeof runAlertmanager>>
  let address: string

  before(async () => {
    alertmanager = await runAlertmanager(config)
    address = `${alertmanager.address}/api/v2/alerts`
  })
  after(() => alertmanager.end())

  /** Two of which one explains the other. Alertmanager learns of alerts in turn: once it knows of these, it does of those before. */
  const last = (volume: string) =>
    ['ShopVolumeNearlyFull', 'ShopVolumeFillingUp'].map((name) => firing(name, { persistentvolumeclaim: volume }))
  let calls = 0

  /** Lets alerts fire, and nothing else; the names of those that reach a receiver, with what they are about. */
  async function told(alerts: Record<string, string>[]): Promise<string[]> {
    const read = async (): Promise<Fired[]> => (await fetch(address)).json()
    const volume = `call-${++calls}`
    const known = await read()
    const ended = known.map(({ labels }) => ({ labels, endsAt: new Date(Date.now() - 1000).toISOString() }))
    const startsAt = new Date().toISOString()
    const fire = (all: Record<string, string>[]) => all.map((labels) => ({ labels, startsAt }))
    const body = JSON.stringify([...ended, ...fire(alerts), ...fire(last(volume))])
    await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    await eventually(async () => {
      const now = await read()
      assert.equal(now.length, alerts.length + 2)
      assert.ok(now.every(({ status }) => status.state !== 'unprocessed'))
      assert.ok(now.some(({ labels, status }) => labels.persistentvolumeclaim === volume && status.state !== 'active'))
    })
    // Read anew, because an answer may tell of one alert from before it knew of the last, and of another from after.
    const all = (await read()).filter(({ labels }) => labels.persistentvolumeclaim !== volume)
    return all
      .filter(({ status }) => status.state === 'active')
      .map(({ labels }) => `${labels.severity} ${labels.alertname} ${labels.objective ?? labels.app}`)
      .toSorted()
  }

  test('a service that is down makes one page, however many objectives burn behind it', async () => {
    const down = (app: string) => firing('ShopServiceDown', { app })
    assert.deepEqual(await told([down('product'), ...burns('products'), ...burns('orders'), outcome]), [
      'critical ShopServiceDown product',
    ])
    assert.deepEqual(await told([down('order'), ...burns('orders'), outcome]), ['critical ShopServiceDown order'])
    assert.deepEqual(await told([down('gateway'), ...burns('products'), ...burns('inventory'), ...burns('orders')]), [
      'critical ShopServiceDown gateway',
    ])
  })

  test('what does not need the service still pages', async () => {
    const alerts = [firing('ShopServiceDown', { app: 'product' }), ...burns('inventory')]
    assert.deepEqual(
      (await told(alerts)).filter((one) => one.startsWith('critical Shop') && !one.includes('latency')),
      ['critical ShopErrorBudgetBurn inventory-availability', 'critical ShopServiceDown product'],
    )
  })

  test('without a service that is down the objectives page, failures before slowness, a page before its ticket', async () => {
    assert.deepEqual(await told([...burns('products'), ...burns('orders'), outcome]), [
      'critical ShopErrorBudgetBurn orders-availability',
      'critical ShopErrorBudgetBurn products-availability',
    ])
  })

  const pod = { app: 'order', container: 'order', pod: 'order-a' }

  test('memory that ran out explains the restarts, and both explain a rollout that is stuck', async () => {
    const stuck = firing('ShopRolloutStuck', { app: 'order', deployment: 'order' })
    const restarts = firing('ShopContainerRestarts', pod)
    assert.deepEqual(await told([firing('ShopContainerOomKilled', pod), restarts, stuck]), [
      'warning ShopContainerOomKilled order',
    ])
    assert.deepEqual(await told([restarts, { ...stuck, app: 'product', deployment: 'product' }]), [
      'warning ShopContainerRestarts order',
      'warning ShopRolloutStuck product',
    ])
  })

  test('a service that is down explains what its pods do not tell, a pod that cannot start that it does not answer', async () => {
    const target = firing('ShopTargetDown', { ...pod, job: 'order' })
    const slow = firing('ShopScrapeSlow', { app: 'order' })
    assert.deepEqual(await told([firing('ShopServiceDown', { app: 'order' }), target, slow]), [
      'critical ShopServiceDown order',
    ])
    assert.deepEqual(await told([firing('ShopImagePullFails', pod), target]), ['warning ShopImagePullFails order'])
    assert.deepEqual(await told([target, slow]), ['warning ShopTargetDown order'])
  })

  test('what fails explains that nothing is bought, and that a service is not heard of', async () => {
    const stalled = firing('ShopOrdersStalled', {})
    const noLogs = firing('ShopNoLogs', { app: 'gateway' })
    const down = firing('ShopServiceDown', { app: 'gateway' })
    assert.deepEqual(await told([down, stalled, noLogs]), ['critical ShopServiceDown gateway'])
    assert.deepEqual(await told([burns('orders')[0]!, stalled]), ['critical ShopErrorBudgetBurn orders-availability'])
    assert.deepEqual(await told([stalled, noLogs]), ['warning ShopNoLogs gateway', 'warning ShopOrdersStalled order'])
  })

  test('a backup that failed is told instead of KubeJobFailed about its job, and about no other', async () => {
    const failed = firing('ShopBackupFailed', { cronjob: 'postgres-backup' })
    const theirs = { alertname: 'KubeJobFailed', namespace: 'shop', severity: 'warning' }
    const job = (name: string) => ({ ...theirs, job_name: name })
    assert.deepEqual(await told([failed, job('postgres-backup-29401'), job('postgres-provision')]), [
      'warning KubeJobFailed undefined',
      'warning ShopBackupFailed postgres',
    ])
  })

  for (const { sameAs, alerts, equal, only = [] } of othersAlerts(ownNames).filter((one) => one.equal.length > 0))
    for (const ours of sameAs)
      test(`${ours} is told instead of ${alerts.join(', ')} about the same ${equal}`, async () => {
        const labels = Object.fromEntries(equal.map((label) => [label, 'one']))
        const theirs = (about: Record<string, string>) =>
          alerts.map((alertname) => ({ alertname, namespace: 'shop', severity: 'warning', ...about }))
        assert.deepEqual(await told([firing(ours, labels), ...theirs(labels)]), [`warning ${ours} undefined`])
        const other = Object.fromEntries(equal.map((label) => [label, 'other']))
        const elsewhere = [...theirs(other), ...theirs({ ...labels, namespace: 'monitoring' })]
        const more = only.length > 0 ? theirs({ ...labels, severity: 'critical' }) : []
        assert.equal(
          (await told([firing(ours, labels), ...elsewhere, ...more])).length,
          1 + elsewhere.length + more.length,
        )
      })

  test('slowness alone pages', async () => {
    assert.deepEqual(await told(burns('orders').slice(1, 2)), ['critical ShopLatencyBudgetBurn orders-latency'])
  })
})

test('no rule of inhibition names an alert or a service that is not there', () => {
  const known = new Set([
    ...alertsOf(ruleFiles(ownNames)).map(({ alert }) => alert),
    ...othersAlerts(ownNames).flatMap(({ alerts }) => alerts),
  ])
  const apps = services.map(({ name }) => name as string)
  for (const { sourceMatch, targetMatch } of inhibitRules(ownNames))
    for (const { name, value } of [...sourceMatch, ...targetMatch]) {
      if (name === 'alertname') for (const one of value.split('|')) assert.ok(known.has(one), one)
      if (name === 'app' && value !== '.+') assert.ok(apps.includes(value), value)
    }
})

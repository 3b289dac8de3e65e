import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { noAlertmanager } from '@hello/test-support/alertmanager-process'
import { eventually } from '@hello/test-support/eventually'
import { type FiredAlert, fired } from './fired.ts'
import { runReceivers } from './receivers.ts'

const startedAt = new Date(Date.now() - 60_000)

const others = (alertname: string, severity: string, namespace: string): FiredAlert => ({
  labels: { alertname, severity, namespace },
  annotations: { summary: alertname },
})

const burn = (kind: string, alertname: string) =>
  fired(alertname, { severity: 'critical', kind, objective: `orders-${kind}` })

const alerts = [
  fired('ShopServiceDown', { app: 'order' }),
  // Explained by it.
  burn('availability', 'ShopErrorBudgetBurn'),
  burn('outcome', 'ShopOrderOutcomeBudgetBurn'),
  fired('ShopEventLoopLag', { app: 'order' }),
  // Not explained by it.
  fired('ShopEventLoopLag', { app: 'product' }),
  fired('ShopDeadMansSwitch', {}),
  others('KubePersistentVolumeFillingUp', 'critical', 'observability'),
  others('KubeQuotaAlmostFull', 'info', 'shop'),
  others('Watchdog', 'none', 'monitoring'),
  others('SomebodyElsesOutage', 'critical', 'elsewhere'),
]

describe('who is told of what', { skip: noAlertmanager }, () => {
  let receivers: Awaited<ReturnType<typeof runReceivers>>
  before(async () => {
    receivers = await runReceivers('en')
    // The cause first, for Alertmanager learns of it and of what it explains side by side.
    await receivers.fire(alerts.slice(0, 1), startedAt)
    await eventually(() => assert.ok(receivers.at('hook-pages').length > 0))
    await receivers.fire(alerts, startedAt)
    // Told at each receiver, and then as long again as a further notification would take.
    await eventually(() => {
      for (const name of ['slack-pages', 'hook-pages']) assert.ok(receivers.at(name).length >= 2, name)
      for (const name of ['slack-tickets', 'hook-tickets']) assert.ok(receivers.at(name).length >= 1, name)
      assert.ok(receivers.at('heartbeat').length >= 3)
      assert.ok(receivers.mail.length >= 3)
    })
  })
  after(() => receivers.end())

  const titles = (name: string) =>
    receivers
      .at(name)
      .map(({ attachments }) => attachments[0].title)
      .toSorted()
  /** What came as JSON: how many alerts of what name. */
  const groups = (name: string) =>
    receivers
      .at(name)
      .map((one) => `${one.status} ${one.alerts.length} ${one.groupLabels.alertname}`)
      .toSorted()

  test('what is critical pages, once for what one cause explains, also of the rules of others', () => {
    assert.deepEqual(titles('slack-pages'), [
      '[critical] KubePersistentVolumeFillingUp (observability): 1 firing',
      '[critical] ShopServiceDown (shop): 1 firing',
    ])
    assert.deepEqual(groups('hook-pages'), ['firing 1 KubePersistentVolumeFillingUp', 'firing 1 ShopServiceDown'])
  })

  test('a warning is a ticket, without what the page explains', () => {
    assert.deepEqual(titles('slack-tickets'), ['[warning] ShopEventLoopLag (shop): 1 firing'])
    const [ticket] = receivers.at('hook-tickets')
    assert.deepEqual(
      ticket.alerts.map(({ labels }: FiredAlert) => labels.app),
      ['product'],
    )
  })

  test('mail goes to those who are on call, or to the team', () => {
    const sent = receivers.mail.map(({ to, email }) => `${to}: ${email.subject}`).toSorted()
    assert.deepEqual(sent, [
      'oncall@example.com: [critical] KubePersistentVolumeFillingUp (observability): 1 firing',
      'oncall@example.com: [critical] ShopServiceDown (shop): 1 firing',
      'team@example.com,lead@example.com: [warning] ShopEventLoopLag (shop): 1 firing',
    ])
  })

  test('a webhook gets what a program needs: labels, links, and where Alertmanager is', () => {
    const page = receivers.at('hook-pages').find(({ groupLabels }) => groupLabels.alertname === 'ShopServiceDown')
    const { labels, annotations } = alerts[0]!
    assert.equal(page.externalURL, 'http://alertmanager.example.com')
    assert.deepEqual(page.groupLabels, { alertname: 'ShopServiceDown', namespace: 'shop', severity: 'critical' })
    assert.deepEqual(page.alerts[0].labels, labels)
    assert.deepEqual(page.alerts[0].annotations, annotations)
    assert.equal(page.version, '4')
  })

  test("the dead man's switch is heard again and again, by whom it is for and by nobody else", () => {
    assert.deepEqual([...new Set(groups('heartbeat'))], ['firing 1 ShopDeadMansSwitch'])
  })

  test('what is only info, or of another namespace, is sent to nobody and shown', async () => {
    const shown: FiredAlert[] = await receivers.call('alerts')
    assert.equal(shown.length, alerts.length)
    const told = JSON.stringify([
      ...receivers.mail,
      ...['pages', 'tickets'].flatMap((to) => receivers.at(`hook-${to}`)),
    ])
    for (const name of ['KubeQuotaAlmostFull', 'Watchdog', 'SomebodyElsesOutage']) assert.ok(!told.includes(name), name)
  })

  test('what is resolved is told where it was told that it fires', async () => {
    await receivers.resolve(alerts.slice(0, 1), startedAt, new Date())
    const title = '[critical] ShopServiceDown (shop): 1 resolved'
    await eventually(() => {
      assert.ok(titles('slack-pages').includes(title))
      assert.ok(groups('hook-pages').includes('resolved 1 ShopServiceDown'))
      assert.ok(receivers.mail.some(({ to, email }) => `${to}` === 'oncall@example.com' && email.subject === title))
    })
  })

  test('no secret is in the configuration, in what Alertmanager logs or in what it sends', () => {
    const everything = JSON.stringify([
      receivers.rendered,
      receivers.said,
      receivers.mail,
      ...['slack-pages', 'slack-tickets', 'hook-pages', 'hook-tickets', 'heartbeat'].map((to) => receivers.at(to)),
    ])
    assert.equal(receivers.secrets.length, 6)
    for (const secret of receivers.secrets) assert.ok(!everything.includes(secret), secret)
  })
})

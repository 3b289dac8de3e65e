import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Alert } from '@hello/shop/api/alert'
import { noAlertmanager, runAlertmanager } from '@hello/test-support/alertmanager-process'
import { eventually } from '@hello/test-support/eventually'
import { frontendServer } from './frontend-server.ts'

/** The id of no silence. */
const nobody = '11111111-1111-4111-8111-111111111111'

describe('with Alertmanager', { skip: noAlertmanager }, () => {
  const configuration = {
    route: { receiver: 'shown' },
    receivers: [{ name: 'shown' }],
    inhibit_rules: [{ source_matchers: ['alertname="Cause"'], target_matchers: ['alertname="Effect"'] }],
  }
  let alertmanager: Awaited<ReturnType<typeof runAlertmanager>>
  before(async () => {
    alertmanager = await runAlertmanager(configuration, undefined, ['--silences.max-silences=2'])
  })
  after(() => alertmanager.end())

  /** Posts alerts as Prometheus does, and waits until they are told of. */
  async function fire(...alerts: { labels: Record<string, string>; annotations?: object; startsAt?: string }[]) {
    const body = JSON.stringify(alerts)
    const address = `${alertmanager.address}/api/v2/alerts`
    const answer = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    assert.equal(answer.status, 200, await answer.text())
  }
  const named = (alerts: Alert[], name: string) => alerts.filter((alert) => alert.name === name)

  test('lists what fires, the newest first, then what nobody is told of', async (t) => {
    const { list } = await frontendServer(t, alertmanager.address)
    const startsAt = '2026-11-28T09:00:00.000Z'
    await fire(
      { labels: { alertname: 'Cause', severity: 'critical', app: 'order' }, startsAt: '2026-11-28T08:00:00.000Z' },
      { labels: { alertname: 'Effect', severity: 'warning' }, startsAt: '2026-11-28T10:00:00.000Z' },
      {
        labels: { alertname: 'Linked', severity: 'warning' },
        annotations: {
          ...{ summary: 'It <b>fails</b>.', description: 'Often.', secret: 'not for the page' },
          ...{ runbook_url: 'https://example.com/Linked.md', dashboard_url: 'javascript:alert(1)', logs_url: '/logs' },
        },
        startsAt,
      },
    )
    await eventually(async () => (await list()).alerts.length === 3)
    const { alerts, matched } = await list()
    assert.equal(matched, 3)
    assert.deepEqual(
      alerts.map(({ name, state }) => [name, state]),
      [
        ['Linked', 'firing'],
        ['Cause', 'firing'],
        ['Effect', 'inhibited'],
      ],
    )
    const { id, ...linked } = alerts[0]!
    assert.match(id, /^[0-9a-f]{16}$/)
    assert.deepEqual(linked, {
      ...{ name: 'Linked', severity: 'warning', state: 'firing', since: startsAt },
      ...{ summary: 'It <b>fails</b>.', description: 'Often.' },
      ...{ labels: { alertname: 'Linked', severity: 'warning' }, receivers: ['shown'] },
      ...{ runbookUrl: 'https://example.com/Linked.md', dashboardUrl: null, logsUrl: null },
    })
  })

  test('silences one alert and no other, and ends the silence', async (t) => {
    const { list, silence, silences, end } = await frontendServer(t, alertmanager.address)
    await fire(
      { labels: { alertname: 'Twin', app: 'order "a"' } },
      { labels: { alertname: 'Twin', app: 'order' } },
      { labels: { alertname: 'Twin', app: 'order', pod: 'one' } },
    )
    const twins = async () => named((await list()).alerts, 'Twin')
    await eventually(async () => (await twins()).length === 3)
    const wanted = (await twins()).find(({ labels }) => labels.app === 'order "a"')!
    const from = Date.now()
    const answer = await silence({ alert: wanted.id, minutes: 15, createdBy: 'Kim', comment: 'a release' })
    assert.equal(answer.statusCode, 201, answer.body)
    const { id } = answer.json()
    assert.equal(answer.headers.location, `/alerts/api/silences/${id}`)
    const states = async () =>
      (await twins()).map(({ id, state }) => (id === wanted.id ? state : `other ${state}`)).sort()
    assert.deepEqual(await states(), ['other firing', 'other firing', 'silenced'])

    const [made, ...others] = await silences()
    assert.deepEqual(others, [])
    const { until, from: begun, ...said } = made!
    assert.deepEqual(said, {
      id,
      matchers: ['alertname="Twin"', 'app="order \\"a\\""'],
      createdBy: 'Kim',
      comment: 'a release',
    })
    assert.ok(Date.parse(begun) >= from - 1000)
    assert.equal(Math.round((Date.parse(until) - Date.parse(begun)) / 60_000), 15)

    for (const _ of ['once', 'again']) assert.equal((await end(id)).statusCode, 204)
    assert.deepEqual(await states(), ['firing', 'other firing', 'other firing'])
    assert.deepEqual(await silences(), [])
  })

  test('refuses what is no silence of the page’s', async (t) => {
    const { list, silence } = await frontendServer(t, alertmanager.address)
    await fire({ labels: { alertname: 'Kept' } })
    await eventually(async () => named((await list()).alerts, 'Kept').length === 1)
    const [kept] = named((await list()).alerts, 'Kept')
    const good = { alert: kept!.id, minutes: 60, createdBy: 'Kim', comment: 'a release' }
    for (const [answer, status, type] of [
      [await silence({ ...good, alert: '0123456789abcdef' }), 404, 'alert-not-found'],
      [await silence({ ...good, minutes: 1_000_000 }), 400, 'invalid-request'],
      [await silence({ ...good, comment: ' \n' }), 400, 'invalid-request'],
      [await silence({ ...good, createdBy: 'x'.repeat(101) }), 400, 'invalid-request'],
      [
        await silence({ ...good, matchers: [{ name: 'alertname', value: '.*', isRegex: true }] }),
        400,
        'invalid-request',
      ],
    ] as const) {
      assert.equal(answer.statusCode, status, answer.body)
      assert.match(answer.json().type, new RegExp(`${type}$`))
    }
    assert.equal(named((await list()).alerts, 'Kept')[0]!.state, 'firing')

    const { end } = await frontendServer(t, alertmanager.address)
    const unknown = await end(nobody)
    assert.equal(unknown.statusCode, 404)
    assert.match(unknown.json().type, /silence-not-found$/)
  })

  test('takes changes of the page itself only, and not many at once', async (t) => {
    const { app, silence, end } = await frontendServer(t, alertmanager.address)
    const wanted = { alert: '0123456789abcdef', minutes: 60, createdBy: 'Kim', comment: 'a release' }
    const foreign = await silence(wanted, { 'sec-fetch-site': 'cross-site' })
    assert.equal(foreign.statusCode, 403)
    assert.match(foreign.json().type, /other-origin$/)
    const form = await app.inject({
      ...{ method: 'POST', url: '/alerts/api/silences', payload: JSON.stringify(wanted) },
      headers: { 'content-type': 'text/plain' },
    })
    assert.equal(form.statusCode, 415)
    const asked = await app.inject({
      method: 'OPTIONS',
      url: '/alerts/api/silences',
      headers: { origin: 'http://evil' },
    })
    assert.equal(asked.headers['access-control-allow-origin'], undefined)

    assert.equal((await silence(wanted, { 'sec-fetch-site': 'same-origin' })).statusCode, 404)
    const burst = await Promise.all(Array.from({ length: 10 }, () => end(nobody)))
    assert.ok(burst.some(({ statusCode }) => statusCode === 429))
  })

  test('says what Alertmanager refuses, in its words', async (t) => {
    const { list, silence, silences, end } = await frontendServer(t, alertmanager.address)
    await fire({ labels: { alertname: 'Full' } })
    await eventually(async () => named((await list()).alerts, 'Full').length === 1)
    const [{ id }] = named((await list()).alerts, 'Full') as [Alert]
    const wanted = { alert: id, minutes: 60, createdBy: 'Kim', comment: 'a release' }
    // Those that have ended count as well.
    const answers = [await silence(wanted), await silence(wanted), await silence(wanted)]
    const refused = answers.at(-1)!
    assert.equal(refused.statusCode, 422, refused.body)
    assert.match(refused.json().detail, /exceeded maximum number of silences/)
    for (const { id } of await silences()) await end(id)
  })

  test('makes and ends no silence where it may not', async (t) => {
    const { app, list, silence, end } = await frontendServer(t, alertmanager.address, false)
    assert.ok((await list()).matched > 0)
    assert.equal((await silence({})).statusCode, 405)
    assert.equal((await end(nobody)).statusCode, 405)
    assert.equal((await app.inject('/config.json')).json().silences, false)
  })
})

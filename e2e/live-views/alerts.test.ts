import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startShop } from '@hello/local/shop/start-shop'
import { noAlertmanager, runAlertmanager } from '@hello/test-support/alertmanager-process'
import { eventually } from '@hello/test-support/eventually'
import type { Browser } from 'playwright-core'
import { violations } from '../accessibility.ts'
import { launchBrowser, openPage, tabTo } from '../browser.ts'
import { getJson } from '../lib/get-json.ts'
import { shopClient } from '../lib/shop-client.ts'

describe('the Alerts view beside Alertmanager', { skip: noAlertmanager }, () => {
  let alertmanager: Awaited<ReturnType<typeof runAlertmanager>>
  let shop: Awaited<ReturnType<typeof startShop>>
  let browser: Browser
  before(async () => {
    alertmanager = await runAlertmanager({ route: { receiver: 'shown' }, receivers: [{ name: 'shown' }] })
    shop = await startShop({ signals: true, durable: false, env: { ALERTMANAGER_URL: alertmanager.address } })
    browser = await launchBrowser()
    await shop.ready()
  })
  after(async () => {
    await browser?.close()
    await shop?.stop()
    await alertmanager?.end()
  })

  /** Posts an alert as Prometheus does. */
  async function fire(labels: Record<string, string>, annotations: Record<string, string>) {
    const answer = await fetch(`${alertmanager.address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels, annotations }]),
    })
    assert.equal(answer.status, 200)
  }
  const states = async (): Promise<string[]> =>
    (await getJson(alertmanager.address, '/api/v2/alerts')).map(
      ({ status }: { status: { state: string } }) => status.state,
    )

  test('shows an alert, its runbook and its traces, silences it and ends the silence, by keyboard', async (t) => {
    await shopClient(shop.urls.frontend).call('GET', '/api/products')
    const page = await openPage(t, browser, `${shop.urls.frontend}/signals/alerts`)
    await page.getByText('Nothing fires.').waitFor()
    await fire(
      { alertname: 'ShopServiceDown', severity: 'critical', app: 'product', namespace: 'shop' },
      { summary: 'No pod of a service <img src=x onerror=alert(1)> answers.', dashboard_url: 'javascript:alert(1)' },
    )
    await page.getByRole('heading', { name: 'ShopServiceDown critical' }).waitFor()
    await page.getByText('No pod of a service <img src=x onerror=alert(1)> answers.').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Dashboard of ShopServiceDown' }).count(), 0)

    await tabTo(page, 'button', 'Runbook of ShopServiceDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Mitigation' }).waitFor()
    await page.getByRole('cell', { name: 'The shop does not open.' }).waitFor()
    assert.deepEqual(await violations(page), [])

    await tabTo(page, 'link', 'Traces of ShopServiceDown')
    await page.keyboard.press('Enter')
    await page
      .getByRole('link', { name: /GET \/api\/products/ })
      .first()
      .waitFor()
    await page.goBack()

    await tabTo(page, 'button', 'Silence of ShopServiceDown')
    await page.keyboard.press('Enter')
    await tabTo(page, 'textbox', 'Your name')
    await page.keyboard.type('Kim')
    await tabTo(page, 'textbox', 'Why')
    await page.keyboard.type('a release')
    await page.keyboard.press('Enter')
    const done = page.getByText('ShopServiceDown is silenced for 1 h.')
    await done.waitFor()
    assert.ok(await done.evaluate((element) => element === document.activeElement))
    await page.getByText('Nothing fires.').waitFor()
    assert.deepEqual(await states(), ['suppressed'])

    const end = page.getByRole('button', { name: /^End the silence of alertname="ShopServiceDown"/ })
    await end.focus()
    await page.keyboard.press('Enter')
    await page.getByText('The silence has ended.').waitFor()
    await page.getByRole('button', { name: 'Silence of ShopServiceDown' }).waitFor()
    assert.deepEqual(await states(), ['active'])
    await end.waitFor({ state: 'detached' })
  })

  test('makes signals of a silence, and none of looking', async () => {
    const routesOf = async () => {
      const { lines } = await getJson(shop.urls.signals!, '/signals/api/logs', { service: 'frontend', limit: '1000' })
      return lines.map(({ msg, fields }: { msg: string; fields: { route?: string; method?: string } }) =>
        [msg, fields.method, fields.route].filter(Boolean).join(' '),
      )
    }
    await eventually(async () => (await routesOf()).includes('request DELETE /alerts/api/silences/:id'))
    const said: string[] = await routesOf()
    for (const line of ['alert silenced', 'silence ended', 'request POST /alerts/api/silences'])
      assert.ok(said.includes(line), line)
    assert.deepEqual(
      said.filter((line) => line.startsWith('request GET /alerts')),
      [],
    )
  })
})

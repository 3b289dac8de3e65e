import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allFaults } from '@hello/faults/all-faults'
import { activeFaults } from '@hello/faults/flag-store'
import { startShop } from '@hello/local/shop/start-shop'
import { eventually } from '@hello/test-support/eventually'
import type { Browser } from 'playwright-core'
import { violations } from '../accessibility.ts'
import { launchBrowser, openPage, tabTo } from '../browser.ts'
import { exchange, request } from '../hostile/raw-connection.ts'
import { getJson } from '../lib/get-json.ts'

const path = '/faults/api/faults'

describe('the Faults view of a shop whose page sets faults', () => {
  let shop: Awaited<ReturnType<typeof startShop>>
  let browser: Browser
  before(async () => {
    shop = await startShop({ signals: true, durable: false, env: { FAULTS_PAGE: 'true' } })
    browser = await launchBrowser()
    await shop.ready()
  })
  after(async () => {
    await browser?.close()
    await shop?.stop()
  })
  const on = async () => (await activeFaults(shop.faults)).map(({ name }) => name)
  const active = async () => {
    const { url } = shop.managementUrls.find(({ name }) => name === 'inventory')!
    const metrics = await (await fetch(`${url}/metrics`)).text()
    return Number(/^shop_fault_active\{fault="slow-inventory"\} (.+)$/m.exec(metrics)?.[1])
  }

  test('sets slow-inventory, shows it on, and heals it, by keyboard', async (t) => {
    const page = await openPage(t, browser, `${shop.urls.frontend}/signals/faults`)
    await page.getByText('None is on.').waitFor()
    for (const { name } of allFaults) await page.getByRole('heading', { name, exact: true }).waitFor()

    await tabTo(page, 'button', 'Set slow-inventory')
    await page.keyboard.press('Enter')
    await tabTo(page, 'spinbutton', 'Strength, percent')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('40')
    await page.keyboard.press('Enter')
    const done = page.getByText('slow-inventory was set, strength 40%, for 10 min.')
    await done.waitFor()
    assert.ok(await done.evaluate((element) => element === document.activeElement))
    await page.getByRole('heading', { name: 'slow-inventory on' }).waitFor()
    await page.getByText('On now: slow-inventory').waitFor()
    assert.deepEqual(await on(), ['slow-inventory'])
    await eventually(async () => assert.equal(await active(), 0.4))
    assert.deepEqual(await violations(page), [])

    await tabTo(page, 'button', 'Hints for slow-inventory')
    await page.keyboard.press('Enter')
    await tabTo(page, 'button', 'Show hint 1 of 3')
    await page.keyboard.press('Enter')
    await page.getByText('People wait when they look at the stock and when they order.').waitFor()
    await page.getByRole('button', { name: 'Evidence of slow-inventory' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: /^Look at traces/ }).waitFor()

    await page.getByRole('button', { name: 'Heal slow-inventory' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('slow-inventory was healed.').waitFor()
    await page.getByText('None is on.').waitFor()
    assert.deepEqual(await on(), [])
    await eventually(async () => assert.equal(await active(), 0))
  })

  test('takes nothing of what is no fault, or of another page', async () => {
    const good = '{"ratio":1,"seconds":60}'
    for (const [what, status, body, target = '/none', ...headers] of [
      ['a page of another origin', 403, good, '/none', 'Origin: http://attacker.example'],
      ['a page of another site', 403, good, '/none', 'Sec-Fetch-Site: cross-site'],
      ['a ratio of 1e308', 400, '{"ratio":1e308,"seconds":60}'],
      ['a ratio of -1', 400, '{"ratio":-1,"seconds":60}'],
      ['a time of 1e308', 400, '{"ratio":1,"seconds":1e308}'],
      ['broken JSON', 400, '{"ratio":1,'],
      ['100 kB', 413, `{"ratio":1,"seconds":60,"x":"${'x'.repeat(100_000)}"}`],
      ['an unknown name', 404, good, '/nothing'],
      ['markup in the name', 404, good, '/%3Cimg%20src=x%20onerror=alert(1)%3E'],
    ] as const) {
      const start = request(
        `PUT ${path}${target} HTTP/1.1`,
        ...['Content-Type: application/json', `Content-Length: ${body.length}`, ...headers],
      )
      await eventually(async () => {
        const { statuses, text } = await exchange(shop.urls.frontend, start + body)
        assert.deepEqual(statuses, [status], `${what}: ${text.slice(0, 300)}`)
        assert.match(text, /application\/problem\+json/i)
        assert.doesNotMatch(text, /<img/)
      })
    }
    assert.deepEqual(await on(), [])
  })

  test('makes signals of what is set and healed, and none of looking', async () => {
    const said = async (): Promise<string[]> => {
      const { lines } = await getJson(shop.urls.signals!, '/signals/api/logs', { service: 'frontend', limit: '1000' })
      return lines.map(({ msg, fields }: { msg: string; fields: { method?: string; route?: string } }) =>
        [msg, fields.method, fields.route].filter(Boolean).join(' '),
      )
    }
    await eventually(async () => {
      for (const line of ['fault set', 'fault healed', `request PUT ${path}/:name`, `request DELETE ${path}/:name`])
        assert.ok((await said()).includes(line), line)
    })
    assert.deepEqual(
      (await said()).filter((line) => line.startsWith('request GET /faults')),
      [],
    )
  })
})

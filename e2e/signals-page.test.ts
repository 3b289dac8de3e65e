import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import type { Browser } from 'playwright-core'
import { launchBrowser, openPage, tabTo } from './browser.ts'
import { frontend } from './lib/running-shop.ts'
import { shopClient } from './lib/shop-client.ts'

const { order } = shopClient(frontend)

let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(() => browser.close())

/** Places an order of a seeded product. A 409, when it is sold out, leaves a trace and log lines as well. */
async function placeOrder() {
  const { body, traceId } = await order('product1', 1)
  return { id: body.id ?? body.orderId, traceId: traceId! }
}

test('leads from an order to its trace, its spans and its log lines with nothing but a keyboard', async (t) => {
  const { id, traceId } = await placeOrder()
  const page = await openPage(t, browser, frontend)
  await tabTo(page, 'link', `Trace of order ${id}`)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /POST \/api\/orders/ }).waitFor()
  assert.equal(new URL(page.url()).pathname, `/signals/traces/${traceId}`)

  const waterfall = page.getByRole('region', { name: 'Spans of the trace, by time' })
  const span = waterfall.getByRole('button', { name: /^order POST \/orders starts at/ })
  await span.focus()
  await page.keyboard.press('Enter')
  await waterfall.getByText('http.response.status_code', { exact: true }).waitFor()
  await waterfall.getByRole('button', { name: /order settled/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  assert.equal(await span.evaluate((element) => element === document.activeElement), false)

  await page.goBack()
  await tabTo(page, 'link', `Logs of order ${id}`)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /order settled/ }).waitFor()
  const trace = page.getByRole('link', { name: `Open trace ${traceId}` }).first()
  await trace.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /POST \/api\/orders/ }).waitFor()
})

test('leads from a point of the latency chart to the trace of that request', async (t) => {
  await placeOrder()
  const page = await openPage(t, browser, `${frontend}/signals`)
  const gateway = page.getByRole('region', { name: 'gateway' })
  const points = gateway.getByRole('link', { name: /POST \/api\/orders took .+ Open its trace/ })
  await points.first().waitFor()
  await points.last().focus()
  const address = await page.locator('a:focus').getAttribute('href')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Spans of the trace, by time' }).waitFor()
  assert.equal(new URL(page.url()).pathname, address)
})

test('filters traces and logs, by an address that can be shared', async (t) => {
  const { id, traceId } = await placeOrder()
  const page = await openPage(t, browser, `${frontend}/signals/traces?status=error&orderId=${id}`)
  await page.getByText('No trace matches.').waitFor()
  await page.getByRole('group', { name: 'Status' }).getByText('All').click()
  await page.getByRole('combobox', { name: 'Service' }).selectOption('inventory')
  await page.getByRole('combobox', { name: 'Route' }).selectOption('/reservations/:orderId')
  await page.locator(`a[href="/signals/traces/${traceId}"]`).waitFor()
  assert.equal(new URL(page.url()).search, `?orderId=${id}&service=inventory&route=%2Freservations%2F%3AorderId`)
  await page.getByRole('spinbutton', { name: 'Slower than, ms' }).fill('60000')
  await page.getByText('No trace matches.').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await page.getByRole('rowheader').first().waitFor()

  await page.getByRole('link', { name: 'Logs', exact: true }).click()
  await page.getByRole('combobox', { name: 'Level' }).selectOption('fatal')
  await page.getByText('No line matches.').waitFor()
})

test('maps who calls whom', async (t) => {
  await placeOrder()
  const page = await openPage(t, browser, `${frontend}/signals/map`)
  for (const row of ['frontend → gateway', 'gateway → order', 'order → inventory', 'order → PostgreSQL']) {
    await page.getByRole('row', { name: new RegExp(`^${row} [\\d.<]`) }).waitFor()
  }
  await page.getByRole('link', { name: /^inventory [\d.<]/ }).click()
  await page.getByRole('rowheader').first().waitFor()
  assert.equal(new URL(page.url()).search, '?service=inventory&minutes=5')
})

test('leads from an edge of the map to the traces of that call', async (t) => {
  const { traceId } = await placeOrder()
  const page = await openPage(t, browser, `${frontend}/signals/map`)
  for (const name of ['Traces of the calls from order to inventory', 'order → inventory']) {
    const edge = page.getByRole('link', { name, exact: true })
    await edge.focus()
    await page.keyboard.press('Enter')
    await page.getByText('Calls from order to inventory').waitFor()
    await page.locator(`a[href="/signals/traces/${traceId}"]`).waitFor()
    await page.goBack()
  }
})

test('stops moving on request', async (t) => {
  const page = await openPage(t, browser, `${frontend}/signals/logs`)
  await page.getByRole('button', { name: 'Live Pause' }).click()
  await page.getByRole('button', { name: 'Pause Go on' }).waitFor()
  let asked = 0
  page.on('request', (request) => {
    if (request.url().includes('/signals/api/logs')) asked += 1
  })
  await page.waitForTimeout(3000)
  assert.equal(asked, 0)
})

test('tells of a process that was killed, and that it runs again', async (t) => {
  const page = await openPage(t, browser, `${frontend}/signals`)
  const product = page.getByRole('row', { name: /^product/ })
  await page.getByText(/all \d run/).click()
  const [, pid, restarts] = await product.getByRole('cell').allTextContents()
  process.kill(Number(pid), 'SIGKILL')
  await page.getByRole('row', { name: new RegExp(`product running \\d+ ${Number(restarts) + 1} .*SIGKILL`) }).waitFor()
  assert.notEqual((await product.getByRole('cell').allTextContents())[1], pid)
  await eventually(async () => assert.equal((await fetch(`${frontend}/api/products`)).status, 200))
})

test('says when a trace is not there', async (t) => {
  const page = await openPage(t, browser, `${frontend}/signals/traces/${'ab'.repeat(16)}`)
  await page.getByText('This trace is not here.').waitFor()
})

test('shows what a service that stopped told last in grey, with its age', async (t) => {
  await placeOrder()
  const page = await openPage(t, browser, `${frontend}/signals`)
  const panel = page.getByRole('region', { name: 'product', exact: true })
  await page.getByText(/all \d run/).click()
  const [, pid] = await page
    .getByRole('row', { name: /^product/ })
    .getByRole('cell')
    .allTextContents()
  await panel.getByText(/^Figures of/).waitFor({ state: 'detached' }) // it was killed just now, in another test
  process.kill(Number(pid), 'SIGSTOP')
  t.after(() => process.kill(Number(pid), 'SIGCONT'))
  await panel.getByText(/^Figures of \d\d:\d\d:\d\d, [\d.]+\ss old\.$/).waitFor()
  await panel.getByText('no answer', { exact: true }).waitFor()
  assert.equal(
    await panel
      .locator('.chart')
      .first()
      .evaluate((chart) => getComputedStyle(chart).filter),
    'grayscale(1)',
  )
  process.kill(Number(pid), 'SIGCONT')
  await panel.getByText(/^Figures of/).waitFor({ state: 'detached' })
})

test('an opened log line stays where it is while others arrive', async (t) => {
  const { id } = await placeOrder()
  const page = await openPage(t, browser, `${frontend}/signals/logs`)
  const line = page.getByRole('button', { name: /order settled|order rejected/ }).first()
  await line.click()
  const before = await line.boundingBox()
  await placeOrder()
  await page.getByRole('button', { name: /^Show \d+\+? newer$/ }).waitFor()
  assert.deepEqual(await line.boundingBox(), before)
  await page.getByText(id).first().waitFor()
})

test('speaks Korean to a Korean browser', async (t) => {
  const page = await openPage(t, browser, `${frontend}/signals`, { locale: 'ko-KR' })
  await page.getByRole('heading', { name: '시그널' }).waitFor()
})

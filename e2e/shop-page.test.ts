import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, openPage, showProduct, tabTo } from './browser.ts'
import { frontend } from './lib/running-shop.ts'
import { shopClient } from './lib/shop-client.ts'

const { call, stock, stockProduct } = shopClient(frontend)

let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(() => browser.close())

async function ordersOf(productId: string) {
  const orders: { productId: string; quantity: number; status: string }[] = (await call('GET', '/api/orders?limit=100'))
    .body
  return orders.filter((order) => order.productId === productId)
}

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)

test('buys with nothing but a keyboard', async (t) => {
  const { id, name } = await stockProduct(10, 12.5)
  const page = await openPage(t, browser, frontend)
  const card = await showProduct(page, name)
  await tabTo(page, 'spinbutton', `Quantity of ${name}`)
  await page.keyboard.press('Control+A')
  await page.keyboard.type('2')
  await tabTo(page, 'button', `One more of ${name}`)
  await page.keyboard.press('Space')
  await tabTo(page, 'button', `Buy $37.50, ${name}`)
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)
  assert.equal(outline, 'solid')
  await page.keyboard.press('Enter')

  await card.getByRole('status').getByText(`Ordered: 3 × ${name} for $37.50.`).waitFor()
  await card.getByText('7 in stock').waitFor()
  const line = page.getByRole('region', { name: 'Orders' }).getByRole('listitem').filter({ hasText: name })
  await line.getByText('Created').waitFor()
  assert.deepEqual(
    (await ordersOf(id)).map(({ quantity, status }) => ({ quantity, status })),
    [{ quantity: 3, status: 'CREATED' }],
  )
})

test('adds a product and changes its stock with nothing but a keyboard', async (t) => {
  const page = await openPage(t, browser, frontend)
  await tabTo(page, 'button', 'Add a product')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Add a product' }).waitFor()
  await page.keyboard.press('Escape')
  // a closed dialog has no role any more, but stands in the page until React has heard of it
  await page.locator('dialog').waitFor({ state: 'detached' })
  await tabTo(page, 'button', 'Add a product')
  await page.keyboard.press('Enter')

  const name = `Teapot ${Date.now().toString(36)}`
  await tabTo(page, 'textbox', 'Name')
  await page.keyboard.type(name)
  await tabTo(page, 'textbox', 'Price in US dollars')
  await page.keyboard.type('20.05')
  await tabTo(page, 'textbox', 'Opening stock')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('4')
  await page.keyboard.press('Enter')
  const card = page.getByRole('listitem', { name, exact: true })
  await card.getByText('Only 4 left').waitFor()
  assert.ok(await card.evaluate((element) => element === document.activeElement))

  await tabTo(page, 'button', `Set stock of ${name}`)
  await page.keyboard.press('Enter')
  await page.getByRole('spinbutton', { name: `Stock of ${name}` }).waitFor()
  await page.keyboard.type('60')
  await page.keyboard.press('Enter')
  await card.getByText('60 in stock').waitFor()
})

test('says how many are left when there are too few, and lists the order as rejected', async (t) => {
  const { id, name } = await stockProduct(2, 12.5)
  const page = await openPage(t, browser, frontend)
  const card = await showProduct(page, name)
  await card.getByRole('spinbutton').fill('5')
  await card.getByRole('button', { name: /^Buy/ }).click()
  await card.getByText('Only 2 left, and you asked for 5. Nothing was sold.').waitFor()
  const line = page.getByRole('region', { name: 'Orders' }).getByRole('listitem').filter({ hasText: name })
  await line.getByText('Rejected').waitFor()
  assert.equal(await stock(id), 2)
})

test('an answer lost on the way makes one order, not two', async (t) => {
  const { id, name } = await stockProduct(10, 12.5)
  const page = await openPage(t, browser, frontend)
  const card = await showProduct(page, name)
  const keys: (string | undefined)[] = []
  await page.route('**/api/orders', async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    keys.push(route.request().headers()['idempotency-key'])
    if (keys.length > 1) return route.continue()
    await route.fetch()
    return route.abort()
  })
  await card.getByRole('button', { name: /^Buy/ }).click()
  await card.getByText(`Ordered: 1 × ${name} for $12.50.`).waitFor()
  assert.equal(keys.length, 2)
  assert.equal(keys[0], keys[1])
  assert.equal((await ordersOf(id)).length, 1)
  assert.equal(await stock(id), 9)
})

test('shows the stock as it changes elsewhere', async (t) => {
  const { id, name } = await stockProduct(10, 12.5)
  const page = await openPage(t, browser, frontend)
  const card = await showProduct(page, name)
  await card.getByText('10 in stock').waitFor()
  await call('PUT', `/api/inventory/${id}`, { quantity: 0 })
  await card.getByRole('button', { name: 'Sold out' }).waitFor()
})

test('keeps what it shows while the shop is away, says so, and recovers by itself', async (t) => {
  const { name } = await stockProduct(10, 12.5)
  const page = await openPage(t, browser, frontend)
  const card = await showProduct(page, name)
  await page.route('**/api/**', (route) => route.abort())
  await page
    .getByText(/Not refreshed since/)
    .first()
    .waitFor()
  assert.ok(await card.isVisible())
  await page.unroute('**/api/**')
  await page
    .getByText(/Not refreshed since/)
    .first()
    .waitFor({ state: 'detached' })
})

test('speaks Korean to a Korean browser, and remembers another choice', async (t) => {
  const { name } = await stockProduct(10, 12.5)
  const page = await openPage(t, browser, frontend, { locale: 'ko-KR' })
  await page.getByRole('heading', { name: '상품', exact: true }).waitFor()
  assert.equal(await page.getAttribute('html', 'lang'), 'ko')
  const card = await showProduct(page, name)
  await card.getByRole('button', { name: `구매 US$12.50, ${name}` }).click()
  await card.getByText(`주문 완료: ${name} × 1개, US$12.50.`).waitFor()

  await page.getByRole('radio', { name: 'English' }).focus()
  await page.keyboard.press('Space')
  await page.reload()
  await page.getByRole('heading', { name: 'Products', exact: true }).waitFor()
  assert.equal(await page.getAttribute('html', 'lang'), 'en')
})

test('is dark in a dark system, and remembers another choice', async (t) => {
  const page = await openPage(t, browser, frontend, { colorScheme: 'dark' })
  await page.getByRole('heading', { name: 'Products', exact: true }).waitFor()
  const dark = await background(page)
  await page.getByRole('radio', { name: 'Light' }).focus()
  await page.keyboard.press('Space')
  const light = await background(page)
  assert.notEqual(light, dark)
  await page.reload()
  await page.getByRole('heading', { name: 'Products', exact: true }).waitFor()
  assert.equal(await background(page), light)
})

test('fits the narrowest screens without scrolling sideways', async (t) => {
  await stockProduct(10, 12.5)
  const page = await openPage(t, browser, frontend, { viewport: { width: 320, height: 640 } })
  await page.getByRole('listitem').first().waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320)
})

import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import { eventually } from '@hello/test-support/eventually'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, openPage, showProduct } from './browser.ts'
import { getJson } from './lib/get-json.ts'
import { shopClient } from './lib/shop-client.ts'

let shop: Shop
let browser: Browser
before(async () => {
  browser = await launchBrowser()
  shop = await startShop({ signals: true, signIn: true, durable: false })
  await shop.ready()
})
after(async () => {
  await browser?.close()
  await shop?.stop()
})

const header = (page: Page) => page.getByRole('banner')
const yours = (page: Page) => page.getByRole('region', { name: 'Your orders' })

/** The shop's page in a browser of their own, where somebody has signed in. */
async function signIn(t: TestContext, name: string): Promise<Page> {
  const page = await openPage(t, browser, shop.urls.frontend)
  await header(page).getByRole('link', { name: 'Sign in' }).click()
  await page.locator('input[name=login]').fill(name)
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[type=submit]').click()
  await header(page).getByText(name, { exact: true }).waitFor()
  return page
}

async function buy(page: Page) {
  const card = await showProduct(page, 'Product 2')
  await card.getByRole('button', { name: /^Buy/ }).click()
  await card
    .getByRole('status')
    .getByText(/^Ordered: 1 × Product 2/)
    .waitFor()
}

/** What the page's own code gets for a request. */
const asked = (page: Page, path: string) =>
  page.evaluate(async (url) => {
    const response = await fetch(url)
    return { status: response.status, body: await response.json() }
  }, path)

test('customers see what they ordered, and nobody else does', async (t) => {
  const alice = await signIn(t, 'alice')
  await buy(alice)
  const line = yours(alice).getByRole('listitem')
  await line.getByText('Created').waitFor()
  assert.equal(await line.count(), 1)
  const [{ id }] = (await asked(alice, '/api/orders')).body

  const bob = await signIn(t, 'bob')
  await yours(bob).getByText('No orders yet.').waitFor()
  const another = await asked(bob, `/api/orders/${id}`)
  assert.equal(another.status, 403)
  assert.match(another.body.type, /order-of-another$/)
  const { call, order } = shopClient(shop.urls.gateway)
  assert.equal((await call('GET', `/api/orders/${id}`)).status, 401)
  assert.equal((await call('GET', '/api/orders')).status, 401)
  // The healer's way, and that of a shop whose provider is away.
  const guest = await order('product1', 1)
  assert.equal(guest.status, 201)
  assert.equal((await call('GET', `/api/orders/${guest.body.id}`)).status, 200)
})

test('the staff may add products, and customers may not', async (t) => {
  const add = async (page: Page, name: string) => {
    await page.getByRole('button', { name: 'Add a product' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.getByRole('textbox', { name: 'Price in US dollars' }).fill('5')
    await page.getByRole('button', { name: 'Add product' }).click()
  }
  const customer = await signIn(t, 'carol')
  await add(customer, 'Carol’s chair')
  await customer.getByText('You may not do this.').waitFor()
  const staff = await signIn(t, 'staff')
  await add(staff, 'A chair')
  const card = await showProduct(staff, 'A chair')
  await card.getByText('10 in stock').waitFor()
})

test('signing out leaves the shop to a guest, here and at the provider', async (t) => {
  const page = await signIn(t, 'dave')
  await header(page).getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: /yes/i }).click()
  await header(page).getByRole('link', { name: 'Sign in' }).waitFor()
  assert.equal(new URL(page.url()).origin, shop.urls.frontend)
  await yours(page).getByText('Sign in to see what you ordered.').waitFor()
  await buy(page)
  await header(page).getByRole('link', { name: 'Sign in' }).click()
  await page.locator('input[name=login]').waitFor()
})

test('no signal has a token, a code or a cookie in it', async (t) => {
  const page = await signIn(t, 'erin')
  await buy(page)
  const secrets = (await page.context().cookies()).map(({ value }) => value.slice(0, 60))
  assert.ok(secrets.length >= 2)
  const signals = shop.urls.signals!
  const routes = ['/auth/sign-in', '/auth/callback', '/api/orders']
  await eventually(async () => {
    const { traces } = await getJson(signals, '/signals/api/traces', { limit: '1000' })
    for (const route of routes)
      assert.ok(
        traces.some(({ name }: { name: string }) => name.endsWith(route)),
        `no trace of ${route}`,
      )
  })
  const { traces } = await getJson(signals, '/signals/api/traces', { limit: '1000' })
  const details = await Promise.all(
    traces.map(({ traceId }: { traceId: string }) => getJson(signals, `/signals/api/traces/${traceId}`)),
  )
  const texts = {
    traces: JSON.stringify(details),
    logs: JSON.stringify(await getJson(signals, '/signals/api/logs', { limit: '1000' })),
  }
  for (const [name, text] of Object.entries(texts)) {
    assert.ok(text.length > 10_000, name)
    for (const pattern of [
      /eyJ[\w-]{10}/,
      /[?&](code|state|nonce|code_challenge)=(?!REDACTED)/,
      /Fe26\.2\*/,
      ...secrets,
    ])
      assert.ok(!(typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text)), `${name}: ${pattern}`)
  }
})

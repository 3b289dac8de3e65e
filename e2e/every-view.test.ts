import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { violations } from './accessibility.ts'
import { launchBrowser, openPage } from './browser.ts'
import { illegible } from './legibility.ts'
import { frontend } from './lib/running-shop.ts'
import { goShopping, type Shopping, views } from './views.ts'

let browser: Browser
let shopping: Shopping
before(async () => {
  browser = await launchBrowser()
  shopping = await goShopping(frontend)
})
after(() => browser.close())

for (const locale of ['en-US', 'ko-KR']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds no fault on any view, ${locale}, ${colorScheme}`, async (t) => {
      const page = await openPage(t, browser, frontend, { locale, colorScheme, reducedMotion: 'reduce' })
      for (const { name, show } of views) {
        await show(page, shopping)
        assert.deepEqual(await violations(page), [], name)
      }
    })
  }
}

for (const [width, what] of [
  [390, 'a phone'],
  [640, 'a laptop at 200 %'],
  [195, 'a phone at 200 %'],
] as const) {
  test(`breaks no number and cuts nothing off on ${what}`, async (t) => {
    for (const locale of ['en-US', 'ko-KR']) {
      const page = await openPage(t, browser, frontend, {
        locale,
        reducedMotion: 'reduce',
        viewport: { width, height: 800 },
      })
      for (const { name, show } of views) {
        await show(page, shopping)
        assert.deepEqual(await illegible(page), [], `${name} ${locale}`)
      }
    }
  })
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a button that is busy or sold out can be read under the pointer, ${colorScheme}`, async (t) => {
    const page = await openPage(t, browser, frontend, { colorScheme, reducedMotion: 'reduce' })
    const card = page.locator('.product', { hasText: shopping.product.name })
    const button = card.locator('.buy-button')
    await page.locator('.product-title').first().waitFor()
    while (!(await card.isVisible())) await page.locator('.catalog .show-more').click()
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
    await page.route('**/api/orders', async (route) => {
      if (route.request().method() === 'POST') await answered
      await route.continue()
    })
    await button.click()
    await card.getByText('Ordering…').waitFor()
    await button.hover()
    assert.deepEqual(await violations(page), [], 'busy')
    answer()
    await card.getByText(/^Ordered/).waitFor()

    await page.route('**/api/inventory**', (route) => route.fulfill({ json: { [shopping.product.id]: 0 } }))
    await card.getByRole('button', { name: 'Sold out' }).hover()
    assert.deepEqual(await violations(page), [], 'sold out')
  })
}

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

/** Of a phone, of a laptop at 200 % and of a phone at 200 %. */
const narrowWidths = [390, 640, 195]

for (const locale of ['en-US', 'ko-KR']) {
  test(`axe finds no fault on any view, and no window breaks a number or cuts anything off, ${locale}`, async (t) => {
    const page = await openPage(t, browser, frontend, { locale, reducedMotion: 'reduce' })
    const wide = page.viewportSize()!
    for (const { name, show } of views) {
      await page.setViewportSize(wide)
      await show(page, shopping)
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme })
        assert.deepEqual(await violations(page), [], `${name} ${colorScheme}`)
      }
      for (const width of narrowWidths) {
        await page.setViewportSize({ width, height: 800 })
        // Charts and the map follow their frame's width in the frame after.
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
        assert.deepEqual(await illegible(page), [], `${name} ${width}`)
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

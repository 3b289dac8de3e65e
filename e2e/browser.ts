import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { findChromium } from './chromium.ts'

/** Starts a Chromium without a display and without calls to its maker. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No Chromium was found. Run: make browser')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A page in a profile of its own. The test fails when the page throws or breaks its content security policy. */
export async function openPage(t: TestContext, browser: Browser, url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text())
  })
  t.after(async () => {
    await context.close()
    assert.deepEqual(faults, [])
  })
  await page.goto(url)
  return page
}

/** A product's card on the shop's page, however many pages of products come before it. */
export async function showProduct(page: Page, name: string): Promise<Locator> {
  const card = page.getByRole('listitem', { name, exact: true })
  const more = page.getByRole('region', { name: /Products|상품/ }).getByRole('button', { name: /Show more|더 보기/ })
  for (;;) {
    await card.or(more).first().waitFor()
    if (await card.isVisible()) return card
    // The last page takes the button away, maybe just as it is pressed.
    await more.click({ timeout: 2000 }).catch(() => {})
  }
}

/** Presses Tab until the focus is on the element with this role and name, as a person without a mouse does. */
export async function tabTo(page: Page, role: Parameters<Page['getByRole']>[0], name: string): Promise<void> {
  const target = page.getByRole(role, { name, exact: true })
  await target.waitFor()
  for (let presses = 0; presses < 500; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab never reached the ${role} "${name}"`)
}

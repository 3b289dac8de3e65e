import { mkdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from './browser.ts'

const image = fileURLToPath(new URL('../docs/images/signals.png', import.meta.url))
const ORDERS = 60

const usage = `Usage: npm run screenshot:signals -w e2e -- <url of a running shop>

Places ${ORDERS} orders in a minute, so that there is something to see, buys once more in the browser, follows that order to its trace, and
writes docs/images/signals.png.`

async function placeOrders(url: string) {
  for (let placed = 0; placed < ORDERS; placed += 1) {
    await fetch(new URL('/api/orders', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ productId: 'product1', quantity: 1 }),
    })
    await delay(1000)
  }
}

async function photograph(url: string) {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({
      locale: 'en-US',
      colorScheme: 'light',
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 800 },
      deviceScaleFactor: 1.5,
    })
    // The page loads its tracing late and tells of the document's load first.
    await Promise.all([page.waitForResponse('**/otlp/v1/traces'), page.goto(url)])
    const card = page.getByRole('listitem', { name: 'Product 3', exact: true })
    await card.getByRole('button', { name: /^Buy/ }).click()
    await card.getByText(/^Ordered/).waitFor()
    const orders = page.getByRole('region', { name: 'Orders' })
    await orders
      .getByRole('listitem')
      .filter({ hasText: 'Product 3' })
      .first()
      .getByRole('link', { name: /^Trace of order/ })
      .click()
    await page.getByText(/^this request: /).waitFor()
    for (const span of ['frontend buy product', 'frontend POST /api', 'gateway POST', 'inventory PUT']) {
      await page
        .getByRole('button', { name: new RegExp(`^${span}`) })
        .first()
        .waitFor()
    }
    await page.getByText(/have a parent that is not here/).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^order order-insert/ }).click()
    await page.mouse.move(0, 0)
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: image, fullPage: true })
  } finally {
    await browser.close()
  }
}

const [argument] = process.argv.slice(2)
if (argument === '--help' || argument === '-h') console.log(usage)
else if (!argument || !URL.canParse(argument)) {
  console.error(usage)
  process.exitCode = 2
} else {
  await mkdir(new URL('../docs/images/', import.meta.url), { recursive: true })
  await placeOrders(argument)
  await photograph(argument)
  console.log(`wrote ${image}`)
}

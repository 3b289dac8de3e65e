import { setTimeout as delay } from 'node:timers/promises'
import { shopClient } from './lib/shop-client.ts'
import { photograph } from './photograph.ts'

const ORDERS = 60

async function placeOrders(url: string) {
  const { order } = shopClient(url)
  for (let placed = 0; placed < ORDERS; placed += 1) {
    await order('product1', 1)
    await delay(1000)
  }
}

await photograph({
  file: 'signals.png',
  usage: `Usage: npm run screenshot:signals -w e2e -- <url of a running shop>

Places ${ORDERS} orders in a minute, so that there is something to see, buys once more in the browser, follows that order to its trace, and
writes docs/images/signals.png.`,
  fullPage: true,
  async show(page, url) {
    await placeOrders(url)
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
    for (const span of ['browser buy product', 'frontend POST /api', 'gateway POST', 'inventory PUT']) {
      await page
        .getByRole('button', { name: new RegExp(`^${span}`) })
        .first()
        .waitFor()
    }
    await page.getByText(/have a parent that is not here/).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^order order-insert/ }).click()
  },
})

import type { Page } from 'playwright-core'
import { photograph } from './photograph.ts'

async function buy(page: Page, product: string, quantity: number) {
  const card = page.getByRole('listitem', { name: product, exact: true })
  await card.getByRole('spinbutton').fill(String(quantity))
  await card.getByRole('button', { name: /^Buy/ }).click()
  await card.getByText(/^(Ordered|Only)/).waitFor()
}

await photograph({
  file: 'shop.png',
  usage: `Usage: npm run screenshot -w e2e -- <url of a running shop>

Buys three times (once more than there is), so that there is something to see, and writes docs/images/shop.png.
For a clean picture run it on a shop with new data: make local-reset, make local.`,
  async show(page, url) {
    await page.goto(url)
    await buy(page, 'Product 1', 2)
    await buy(page, 'Product 2', 900)
    await buy(page, 'Product 3', 5)
    await page.getByRole('listitem').filter({ hasText: '5 × Product 3' }).first().waitFor()
  },
})

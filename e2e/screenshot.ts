import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'

const image = fileURLToPath(new URL('../docs/images/shop.png', import.meta.url))

const usage = `Usage: npm run screenshot -w e2e -- <url of a running shop>

Buys three times (once more than there is), so that there is something to see, and writes docs/images/shop.png.
For a clean picture run it on a shop with new data: make local-reset, make local.`

async function buy(page: Page, product: string, quantity: number) {
  const card = page.getByRole('listitem', { name: product, exact: true })
  await card.getByRole('spinbutton').fill(String(quantity))
  await card.getByRole('button', { name: /^Buy/ }).click()
  await card.getByText(/^(Ordered|Only)/).waitFor()
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
    await page.goto(url)
    await buy(page, 'Product 1', 2)
    await buy(page, 'Product 2', 900)
    await buy(page, 'Product 3', 5)
    await page.getByRole('listitem').filter({ hasText: '5 × Product 3' }).first().waitFor()
    await page.mouse.move(0, 0)
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: image })
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
  await photograph(argument)
  console.log(`wrote ${image}`)
}

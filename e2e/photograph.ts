import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { launchBrowser } from './browser.ts'

interface Picture {
  /** In docs/images. */
  file: string
  usage: string
  /** The whole page, also what a reader would scroll to. */
  fullPage?: boolean
  /** Brings a new page to what the picture shows. */
  show: (page: Page, url: string) => Promise<void>
}

/** A command whose one argument is the address of a running shop, and which writes a picture of it for the documents. */
export async function photograph({ file, usage, fullPage = false, show }: Picture) {
  const [url] = process.argv.slice(2)
  if (url === '--help' || url === '-h') return console.log(usage)
  if (!url || !URL.canParse(url)) {
    console.error(usage)
    process.exitCode = 2
    return
  }
  const path = fileURLToPath(new URL(`../docs/images/${file}`, import.meta.url))
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({
      locale: 'en-US',
      colorScheme: 'light',
      reducedMotion: 'reduce',
      viewport: { width: 1280, height: 800 },
      deviceScaleFactor: 1.5,
    })
    await show(page, url)
    await page.mouse.move(0, 0)
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path, fullPage })
  } finally {
    await browser.close()
  }
  console.log(`wrote ${path}`)
}

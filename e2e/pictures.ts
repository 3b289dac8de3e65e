import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { launchBrowser } from './browser.ts'
import { illegible } from './legibility.ts'
import { goShopping, views } from './views.ts'

const usage = `Usage: npm run pictures -w e2e -- <url of a running shop> <folder> [--only NAME,…]

Writes a picture of every view into the folder, in both languages, light and dark, 390 and 1280 pixels wide, to be looked at,
and says what cannot be read. Names: ${views.map(({ name }) => name).join(', ')}.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
})
const [url, folder] = positionals
if (values.help) {
  console.log(usage)
  process.exit()
}
if (!url || !folder || !URL.canParse(url)) {
  console.error(usage)
  process.exit(2)
}
await mkdir(folder, { recursive: true })
const shopping = await goShopping(new URL(url).origin)
const wanted = values.only?.split(',') ?? views.map(({ name }) => name)
const browser = await launchBrowser()
try {
  for (const locale of ['en-US', 'ko-KR']) {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [390, 1280]) {
        const options = { locale, colorScheme, reducedMotion: 'reduce', viewport: { width, height: 900 } } as const
        const page = await browser.newPage(options)
        for (const { name, show } of views.filter((view) => wanted.includes(view.name))) {
          await show(page, shopping)
          await page.evaluate(() => document.fonts.ready)
          const file = `${name}-${width}-${locale.slice(0, 2)}-${colorScheme}.png`
          for (const fault of await illegible(page)) console.log(`${file}: ${fault}`)
          await page.screenshot({ path: join(folder, file), fullPage: true })
        }
        await page.close()
      }
    }
  }
} finally {
  await browser.close()
}

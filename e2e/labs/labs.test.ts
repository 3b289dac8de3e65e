import { after, before, describe, test } from 'node:test'
import { incidentLabs } from '@hello/labs/all-labs'
import { needsStack } from '@hello/labs/lab'
import type { LabShop } from '@hello/labs/lab-run'
import { signalsOf } from '@hello/labs/signals'
import { untilSilent } from '@hello/labs/silence'
import { type Shop, type ShopOptions, startShop } from '@hello/local/shop/start-shop'
import { missingPrograms } from '../panels/programs.ts'
import { solveLab } from './solve.ts'

/** LAB=slow-stock tries one. */
const tried = incidentLabs.filter(({ name }) => !process.env.LAB || process.env.LAB.split(',').includes(name))

interface Kind {
  title: string
  shop: ShopOptions
  /** As for `solveLab`. */
  wellFor: number
  skip: string | false
}

function solveEvery(labs: typeof tried, { title, shop: options, wellFor, skip }: Kind) {
  describe(title, { skip: skip || labs.length === 0 }, () => {
    let shop: Shop
    let place: LabShop
    before(async () => {
      shop = await startShop({ ...options, signals: true, durable: false })
      await shop.ready()
      const { frontend, product, inventory } = shop.urls
      place = {
        frontend,
        shelves: { product, inventory },
        faults: shop.faults,
        signals: signalsOf(frontend, shop.stackUrls.prometheus),
      }
    })
    after(() => shop.stop())

    for (const lab of labs)
      test(lab.name, async () => {
        await solveLab(lab, place, wellFor)
        const { prometheus } = place.signals
        if (prometheus) await untilSilent(lab, prometheus, { onLoud() {}, signal: AbortSignal.timeout(600_000) })
      })
  })
}

solveEvery(
  tried.filter((lab) => !needsStack(lab)),
  { title: 'every lab', shop: {}, wellFor: 4000, skip: false },
)

/** Prometheus scrapes every three seconds then. */
const timeScale = 5

solveEvery(tried.filter(needsStack), {
  title: 'every lab that asks the stack',
  shop: { stack: true, timeScale },
  wellFor: 12_000,
  skip: missingPrograms(),
})

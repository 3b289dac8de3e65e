import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { allFaults } from '@hello/faults/all-faults'
import { startShop } from '@hello/local/shop/start-shop'
import { objectives } from '@hello/monitoring/objectives'
import { eventually } from '@hello/test-support/eventually'
import { firingAlerts } from '../faults/alerts.ts'
import { whileBroken } from '../faults/while-broken.ts'
import { shopClient } from '../lib/shop-client.ts'
import { missingPrograms } from './programs.ts'

const errors = allFaults.find(({ name }) => name === 'errors')!

/** Of the first, Prometheus knows no time before; with one more it is as many as the alert takes, and fewer than a burn does. */
const few = objectives.fewRequests.minimumBad + 1
/** More than a scrape apart, or Prometheus would reckon more of them, in milliseconds. */
const apart = 20_000

// By the rules as shipped: on a faster time a burn takes as few.
test('a person is paged where hardly anybody comes, too', { skip: missingPrograms() }, async () => {
  const shop = await startShop({ stack: true, durable: false })
  after(() => shop.stop())
  await shop.ready()
  const { order } = shopClient(shop.urls.gateway)
  async function untilPaged() {
    for (let failed = 0; failed < few; ) {
      if ((await order('product1', 1)).status < 500) await delay(500)
      else {
        failed += 1
        await delay(apart)
      }
    }
    await eventually(
      async () => {
        const firing = await firingAlerts(shop.stackUrls.alertmanager!)
        return firing.some(({ name, pages }) => name === 'ShopFewRequestsFail' && pages)
      },
      { seconds: 300, everyMs: 1000 },
    )
  }
  await whileBroken(shop.faults, errors, untilPaged, 1)
})

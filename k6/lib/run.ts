import { optionsOf } from './options.ts'
import { type ProfileName, profiles, raceOf, slotsOf } from './profiles.ts'
import { auditShelf, type Shelf, type ShelfPlan, stockShelf } from './shelf.ts'
import { shopClient } from './shop-client.ts'
import { type EndOfTest, summarize } from './summary.ts'
import { positive } from './target.ts'
import type { Visit } from './visitors.ts'

/** More than any run buys: what it finds depends on no stock. */
const plenty: ShelfPlan = { products: 20, units: 1_000_000, soldOut: false }

/** All that a script of k6 exports. */
export function defineRun(name: ProfileName, visit: Visit) {
  const gateway = (__ENV.GATEWAY_URL || 'http://localhost:8080').replace(/\/$/, '')
  const scales = {
    time: positive('TIME_SCALE', __ENV.TIME_SCALE),
    rate: positive('RATE_SCALE', __ENV.RATE_SCALE),
  }
  const profile = profiles[name](scales)
  const shelf = name === 'race' ? { products: 1, units: raceOf(scales).units, soldOut: true } : plenty
  const slots = slotsOf(profile)
  const shop = shopClient(gateway, slots)
  return {
    options: optionsOf(name, profile),
    setup: (): Shelf => stockShelf(gateway, __ENV.ALLOW_HOST, shelf),
    visit: ({ onShelf }: Shelf) => visit(shop, onShelf),
    teardown: (shelf: Shelf) => auditShelf(gateway, shelf),
    /** One line of JSON. */
    handleSummary: (end: EndOfTest) => ({
      stdout: `${JSON.stringify(summarize(end, { name, gateway, profile, slots }))}\n`,
    }),
  }
}

import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from '@hello/faults/fault'
import { type ShopOptions, startShop } from '@hello/local/shop/start-shop'
import { eventually } from '@hello/test-support/eventually'
import { auditBooks } from '../lib/books.ts'
import { firingAlerts } from './alerts.ts'
import { startCustomers } from './customers.ts'
import { experiment, type Observed, type Scene } from './experiment.ts'

/** Orders as they were answered, and as they are kept. */
export interface Outcome extends Observed {
  orders: number
}

/** The fault that is tried with no other beside it: it takes their processors, and is not noticed where they leave it too little. */
export const triedAlone = 'cpu-burn'

/** How long a shop that was just started is used at the least until it is warm, in milliseconds: that hangs on no rule's time. */
const coldFor = 30_000
/**
 * How long a shop is used until what was before is over, how long it is well then before it is broken, and how long it is watched
 * where nothing has to fire, in milliseconds by the rules as shipped.
 */
const settledAfter = 60_000
const wellFor = 60_000
const watchFor = 300_000

/**
 * Starts a shop with the real stack in which faults are tried one after the other.
 *
 * @param timeScale by how many times faster than shipped the rules' time runs
 * @param more what the shop has besides
 */
export async function openLaboratory(timeScale: number, more: ShopOptions = {}) {
  const shop = await startShop({ stack: true, durable: false, timeScale, ...more })
  await shop.ready()
  const { prometheus, loki, jaeger, alertmanager } = shop.stackUrls as Required<typeof shop.stackUrls>
  const scene: Scene = {
    faults: shop.faults,
    backends: { prometheus, loki, jaeger, alertmanager },
    // What the shop and the machine take, and what the slowest rule waits for.
    patience: { seconds: 240 + 2400 / timeScale, everyMs: 250 },
    wellFor: wellFor / timeScale,
    watchFor: watchFor / timeScale,
  }

  /**
   * Forgets what was measured before, so that neither a cold start nor another fault is held against one. Only a Prometheus whose time
   * runs faster takes it; where it does not, a shop is tried once, after a minute that warms it.
   */
  async function forget() {
    const match = encodeURIComponent('{__name__=~".+"}')
    const response = await fetch(`${prometheus}/api/v1/admin/tsdb/delete_series?match[]=${match}`, { method: 'POST' })
    assert.equal(response.status, 204, await response.text())
  }

  const databases = { order: shop.databaseUrl('order'), inventory: shop.databaseUrl('inventory') }

  let used = false
  let isCold = true
  /** Does `what` in a shop that is used, and well so far, and holds that no order was lost. */
  async function whileUsed<T>(what: () => Promise<T>): Promise<{ seen: T; orders: number }> {
    used = true
    const customers = await startCustomers(shop.urls.gateway)
    try {
      await delay(Math.max(settledAfter / timeScale, isCold ? coldFor : 0))
      isCold = false
      if (timeScale !== 1) await forget()
      await delay(wellFor / timeScale)
      await eventually(async () => assert.deepEqual(await firingAlerts(alertmanager), []), scene.patience)
      const seen = await what()
      await customers.stop()
      const purchases = await eventually(() => customers.purchases(), scene.patience)
      await auditBooks(databases, purchases, new Map())
      return { seen, orders: purchases.length }
    } finally {
      await customers.stop()
      used = false
    }
  }
  return {
    shop,
    scene,
    free: () => !used,
    whileUsed,
    /** Tries a fault on a shop that is used, and holds that no order was lost. */
    async try(fault: Fault): Promise<Outcome> {
      const { seen, orders } = await whileUsed(() => experiment(fault, scene))
      return { ...seen, orders }
    },
    close: () => shop.stop(),
  }
}

export type Laboratory = Awaited<ReturnType<typeof openLaboratory>>

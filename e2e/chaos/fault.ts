import { setTimeout as delay } from 'node:timers/promises'
import type { Shop } from '@hello/local/shop/start-shop'
import { freezeTree } from '@hello/processes/process-info'

/** One fault in so many is a freeze, the others are kills. */
const freezeEvery = 12
/** Shortest and longest time that a process stands still, in milliseconds. */
const [shortest, longest] = [1000, 15_000]

/** A process that was killed or frozen, and when, in Unix milliseconds. */
export interface Hit {
  name: string
  at: number
}

/** Kills and freezes the processes of a shop, the database's among them. */
export function createFaults(shop: Shop, random: () => number) {
  const frozen = new Map<number, Promise<void>>()
  const counts = { kills: 0, freezes: 0 }
  const hits: Hit[] = []
  let lastFault = 0

  async function thawLater(pid: number, thaw: () => void) {
    await delay(shortest + random() * (longest - shortest))
    thaw()
    frozen.delete(pid)
    lastFault = Date.now()
  }

  return {
    counts,
    hits,
    /** Kills one that runs, or lets it stand still for a while. */
    inject() {
      const running = shop.processes().filter(({ pid }) => pid !== undefined)
      const victim = running[Math.floor(random() * running.length)]
      if (!victim) return
      lastFault = Date.now()
      const isFreeze = (counts.kills + counts.freezes) % freezeEvery === freezeEvery - 1
      try {
        if (!isFreeze) {
          victim.kill('SIGKILL')
          counts.kills++
        } else if (!frozen.has(victim.pid!)) {
          frozen.set(victim.pid!, thawLater(victim.pid!, freezeTree(victim.pid!)))
          counts.freezes++
        }
        hits.push({ name: victim.name, at: lastFault })
      } catch {
        // it ended by itself in the meantime
      }
    },
    /**
     * Waits until nothing stands still and everything has been started again: a fault lasts as long as its process is away.
     *
     * @returns the time of the last fault
     */
    async over(): Promise<number> {
      await Promise.all(frozen.values())
      for (; shop.processes().some(({ pid }) => pid === undefined); await delay(50)) lastFault = Date.now()
      return lastFault
    },
  }
}

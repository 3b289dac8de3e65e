import { setTimeout as delay } from 'node:timers/promises'
import type { Shop } from '@hello/local/shop/start-shop'
import { freezeTree } from '@hello/processes/process-info'

/** One fault in so many is a freeze, the others are kills. */
const freezeEvery = 12
/** Shortest and longest time that a process stands still, in milliseconds. */
const [shortest, longest] = [1000, 15_000]

/** A process that was killed, and since when it did nothing more, in Unix milliseconds. */
export interface Kill {
  name: string
  since: number
}

/** Kills and freezes the processes of a shop, the database's among them. */
export function createFaults(shop: Shop, random: () => number) {
  const frozen = new Map<number, { since: number; over: Promise<void> }>()
  const counts = { kills: 0, freezes: 0 }
  const killed: Kill[] = []
  let lastFault = 0

  async function thawLater(pid: number, thaw: () => void) {
    await delay(shortest + random() * (longest - shortest))
    thaw()
    frozen.delete(pid)
    lastFault = Date.now()
  }

  return {
    counts,
    killed,
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
          killed.push({ name: victim.name, since: frozen.get(victim.pid!)?.since ?? lastFault })
        } else if (!frozen.has(victim.pid!)) {
          frozen.set(victim.pid!, { since: lastFault, over: thawLater(victim.pid!, freezeTree(victim.pid!)) })
          counts.freezes++
        }
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
      await Promise.all([...frozen.values()].map(({ over }) => over))
      for (; shop.processes().some(({ pid }) => pid === undefined); await delay(50)) lastFault = Date.now()
      return lastFault
    },
  }
}

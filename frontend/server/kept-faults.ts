import type { Fault } from '@hello/faults/fault'
import { type FlagStore, healFaults, keepFault } from '@hello/faults/flag-store'
import type { FastifyBaseLogger } from 'fastify'

interface Kept {
  stop: AbortController
  ended: Promise<void>
}

/** Keeps faults on, each until its time is over, somebody heals it, or `close`. */
export function openKeptFaults(store: FlagStore, log: FastifyBaseLogger) {
  const kept = new Map<string, Kept>()

  async function end(all: Kept[]) {
    for (const { stop } of all) stop.abort()
    await Promise.all(all.map(({ ended }) => ended))
  }

  return {
    /**
     * Sets a fault, in the place of whoever keeps it on, here or in another program.
     *
     * @param forMs how long at most, in milliseconds
     * @throws Error when the flags cannot be written
     */
    set(fault: Fault, { ratio, forMs }: { ratio: number; forMs: number }): Promise<void> {
      const { name } = fault
      const before = kept.get(name)
      const stop = new AbortController()
      const on = Promise.withResolvers<void>()
      async function keep() {
        if (before) await end([before])
        await healFaults(store, [name])
        await keepFault(store, fault, { ratio, forMs, signal: stop.signal, onKept: on.resolve })
        on.resolve()
      }
      const ended = keep()
        .catch((error: Error) => {
          log.error({ err: error, fault: name }, 'a fault could not be kept on')
          on.reject(error)
        })
        .finally(() => kept.get(name)?.stop === stop && kept.delete(name))
      kept.set(name, { stop, ended })
      return on.promise
    },

    /** Turns faults off, whoever keeps them on. @param names all where left out */
    async heal(names?: string[]): Promise<string[]> {
      await end([...kept].filter(([name]) => !names || names.includes(name)).map(([, one]) => one))
      return healFaults(store, names)
    },

    /** Ends what is kept on. */
    close: () => end([...kept.values()]),
  }
}

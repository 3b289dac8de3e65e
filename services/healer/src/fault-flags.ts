import { allFaults } from '@hello/faults/all-faults'
import { activeFaults, type FlagStore, healFaults } from '@hello/faults/flag-store'
import type { Actions } from './actions.ts'

const isOf = (app: string) => (name: string) =>
  allFaults.some((fault) => fault.name === name && fault.services.some((service) => service === app))

/**
 * Switches faults off that were injected on purpose. What a fault is expected to fire is not looked at: that would be to know the
 * answer instead of finding it.
 */
export function flagActions(store: FlagStore): Pick<Actions, 'flagsOff'> {
  return {
    async flagsOff(app) {
      const on = (await activeFaults(store)).map(({ name }) => name)
      const names = app === undefined ? on : on.filter(isOf(app))
      if (names.length === 0) return undefined
      return {
        what: `switches off the fault flags ${names.join(', ')}`,
        take: async () => void (await healFaults(store, names)),
      }
    },
  }
}

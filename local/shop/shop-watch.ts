import type { Running } from '@hello/processes/running'
import type { ProcessState } from '@hello/signals-api/process'
import { type Supervised, supervise } from '../processes/supervisor.ts'

interface Listeners {
  onEvent: (text: string) => void
  onProcess: (state: ProcessState) => void
}

/** Keeps the shop's processes running, and knows the state of each. */
export function createShopWatch({ onEvent, onProcess }: Listeners) {
  const states = new Map<string, ProcessState>()
  return {
    keepRunning(name: string, start: () => Promise<Running>): Promise<Supervised> {
      return supervise(name, start, onEvent, (state) => {
        states.set(name, state)
        onProcess(state)
      })
    },
    /** The states of the named processes, as far as there are any yet. */
    statesOf: (names: string[]) => names.flatMap((name) => states.get(name) ?? []),
  }
}

export type ShopWatch = ReturnType<typeof createShopWatch>

import { clock } from '@hello/telemetry/clock'
import type { Inject } from '../src/injection.ts'
import { untilAborted } from '../src/until-aborted.ts'

/** Milliseconds. Nothing but log lines and the metric of the clock go by it: a deadline is the system's time. */
const behind = 300_000

export const injectClockSkew: Inject = (fault) => {
  fault.whileOn(async (signal) => {
    clock.offsetMs = -behind
    try {
      await untilAborted(signal)
    } finally {
      clock.offsetMs = 0
    }
  })
}

import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * For `node --import`, or to be imported once all has started: as soon as the process is idle, gives back the memory that only
 * its start needed, a quarter of a service and more of the launcher. V8 does so when memory runs short, which it does not where
 * five small processes run beside an editor and a browser.
 */
const interval = 2000
/** Share of the interval that an idle service of this shop stays below. */
const busy = 0.1

let before = performance.eventLoopUtilization()
const timer = setInterval(() => {
  const { utilization } = performance.eventLoopUtilization(before)
  before = performance.eventLoopUtilization()
  if (utilization > busy) return
  clearInterval(timer)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as NonNullable<typeof gc>
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}, interval)
timer.unref()

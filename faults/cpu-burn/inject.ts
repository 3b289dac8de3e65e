import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Inject } from '../src/injection.ts'
import { untilAborted } from '../src/until-aborted.ts'

/** Of a machine that others use, too, one thread may get too little of a core to be noticed. */
const threads = 2

export const injectCpuBurn: Inject = (fault) => {
  fault.whileOn(async (signal) => {
    // Without the preload and NODE_OPTIONS of the service, whose telemetry would start a second time.
    const workers = Array.from(
      { length: threads },
      () => new Worker('for (;;);', { eval: true, execArgv: [], env: {} }),
    )
    try {
      await Promise.race([untilAborted(signal), ...workers.map((worker) => once(worker, 'exit'))])
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
  })
}

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Inject } from '../src/injection.ts'
import { untilAborted } from '../src/until-aborted.ts'

export const injectCpuBurn: Inject = (fault) => {
  fault.whileOn(async (signal) => {
    // Without the preload and NODE_OPTIONS of the service, whose telemetry would start a second time.
    const worker = new Worker('for (;;);', { eval: true, execArgv: [], env: {} })
    try {
      await Promise.race([untilAborted(signal), once(worker, 'exit')])
    } finally {
      await worker.terminate()
    }
  })
}

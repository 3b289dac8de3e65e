import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Inject } from '../src/injection.ts'

export const injectCpuBurn: Inject = (fault) => {
  fault.whileOn(async (signal) => {
    // Without the preload and NODE_OPTIONS of the service, whose telemetry would start a second time.
    const worker = new Worker('for (;;);', { eval: true, execArgv: [], env: {} })
    try {
      if (!signal.aborted) await Promise.race([once(signal, 'abort'), once(worker, 'exit')])
    } finally {
      await worker.terminate()
    }
  })
}

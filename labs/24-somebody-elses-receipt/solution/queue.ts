import { context } from '@opentelemetry/api'

/** Does jobs one after the other, in the order in which they came; one that fails is done again after the others. */
export function createQueue() {
  const waiting: (() => Promise<void>)[] = []
  let working = false

  async function work() {
    working = true
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      const again = job
      await job().catch(() => waiting.push(again))
    }
    working = false
  }

  return {
    add(job: () => Promise<void>) {
      waiting.push(context.bind(context.active(), job))
      if (!working) work()
    },
  }
}

import { writeTogether } from './log-lines.ts'

let waiting: (() => void)[] = []

/** @throws Error what one of them threw, once all of them are done; AggregateError of several */
function finishAll() {
  const turn = waiting
  waiting = []
  const errors: unknown[] = []
  writeTogether(() => {
    for (const finish of turn) {
      try {
        finish()
      } catch (error) {
        errors.push(error)
      }
    }
  })
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} requests were not finished`)
  if (errors.length === 1) throw errors[0]
}

/**
 * Does what is left of a request once it has ended (its metrics, the end of its span, its log line) at the end of this turn of
 * the event loop, together for all requests that ended in it: code that has just run for one of them is still in the
 * processor's caches for the next, and their lines go out in one write. A process that ends within the turn does it before.
 */
export function afterAnswer(finish: () => void) {
  if (waiting.push(finish) === 1) setImmediate(finishAll)
}

process.on('exit', finishAll)

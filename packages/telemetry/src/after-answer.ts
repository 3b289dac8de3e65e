let waiting: { answeredAt: number; finish: () => void }[] = []
let current: number | undefined

function finishAll() {
  const turn = waiting
  waiting = []
  try {
    for (const { answeredAt, finish } of turn) {
      current = answeredAt
      finish()
    }
  } finally {
    current = undefined
  }
}

/**
 * Does what is left of a request once it is answered (its metrics, the end of its span, its log line) at the end of this turn
 * of the event loop, together for all requests that it answered: code that has just run for one of them is still in the
 * processor's caches for the next. A process that ends within the turn does it before.
 */
export function afterAnswer(finish: () => void) {
  if (waiting.push({ answeredAt: performance.now(), finish }) === 1) setImmediate(finishAll)
}

process.on('exit', finishAll)

/** When the request was answered whose rest is being done, else now; in milliseconds of `performance.now()`. */
export function answeredAt(): number {
  return current ?? performance.now()
}

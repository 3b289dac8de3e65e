import { type Context, context } from '@opentelemetry/api'
import { traceBatch } from './batch-trace.ts'
import { requestTimeouts } from './database.ts'
import { isDatabaseUnavailable } from './database-errors.ts'

export interface Batching<Item, Result> {
  /** Of the prepared statement. */
  name: string
  /**
   * Runs one statement for all items, in the order in which they were asked for.
   *
   * @param lockTimeout for `set_config('lock_timeout', …, true)`, in milliseconds: 0, which is no limit, where one is alone
   * @returns a result for each item, in the same order
   */
  run(items: Item[], lockTimeout: string): Promise<Result[]>
  /** What no two items of one statement may have in common, where there is such a thing: the later waits for the next. */
  keyOf?(item: Item): string
}

interface Asked<Item, Result> {
  item: Item
  /** Of whoever asks. */
  context: Context
  resolve(result: Result): void
  reject(error: unknown): void
}

/** Most items of a statement: when so many wait, they wait no longer. */
const maxSize = 100
/** A row that somebody holds longer than this keeps only those waiting who want that row. Milliseconds. */
const lockTimeout = 100

/**
 * Lets a statement do for many what is asked for at the same time: what one turn of the event loop has brought, and while one is under
 * way, what is asked for meanwhile (docs/adr/0012-batches-of-statements.md). Who is alone is served at once.
 *
 * An error that says that the database is away is told to all of the batch. With any other the batch is tried again in two halves,
 * and so on until it is one's own error, so that nobody fails because of another.
 */
export function batching<Item, Result>({ name, run, keyOf }: Batching<Item, Result>): (item: Item) => Promise<Result> {
  let waiting: Asked<Item, Result>[] = []
  let underWay = 0
  let afterTurn = false
  let timer: NodeJS.Timeout | undefined

  /** Those that have waited longest, as many as go together. */
  function takeNext(): Asked<Item, Result>[] {
    const taken: typeof waiting = []
    const left: typeof waiting = []
    const keys = new Set<string>()
    for (const one of waiting) {
      const key = keyOf?.(one.item)
      if (taken.length === maxSize || (key !== undefined && keys.has(key))) {
        left.push(one)
      } else {
        taken.push(one)
        if (key !== undefined) keys.add(key)
      }
    }
    waiting = left
    return taken
  }

  async function execute(batch: Asked<Item, Result>[]) {
    const items = batch.map(({ item }) => item)
    try {
      const results = await traceBatch(
        name,
        batch.map((one) => one.context),
        () => run(items, String(batch.length === 1 ? 0 : lockTimeout)),
      )
      batch.forEach((one, index) => {
        one.resolve(results[index]!)
      })
    } catch (error) {
      if (batch.length === 1 || isDatabaseUnavailable(error)) {
        for (const one of batch) one.reject(error)
      } else {
        const half = Math.ceil(batch.length / 2)
        await Promise.all([execute(batch.slice(0, half)), execute(batch.slice(half))])
      }
    }
  }

  async function begin(batch: Asked<Item, Result>[]) {
    underWay++
    await execute(batch)
    underWay--
    nextAfterTurn()
  }

  function next() {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0) return
    do void begin(takeNext())
    while (waiting.length >= maxSize)
    if (waiting.length > 0) timer = setTimeout(next, requestTimeouts.batchWait)
  }

  function nextAfterTurn() {
    if (afterTurn) return
    afterTurn = true
    setImmediate(() => {
      afterTurn = false
      next()
    })
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, context: context.active(), resolve, reject })
      if (underWay === 0 || waiting.length >= maxSize) nextAfterTurn()
      else timer ??= setTimeout(next, requestTimeouts.batchWait)
    })
}

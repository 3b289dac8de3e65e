import { setTimeout as delay } from 'node:timers/promises'

/** A process, or something that behaves like one. */
export interface Running {
  readonly pid: number
  /** Resolves when it has ended, wanted or not, with how. */
  readonly exited: Promise<string>
  /** Asks it to end; resolves when it has. */
  stop(): Promise<void>
}

export interface Supervised {
  readonly name: string
  readonly pid: number | undefined
  kill(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

const firstBackoff = 200
const longestBackoff = 10_000
/** Who has run this long without a crash starts over with the first back-off, in milliseconds. */
const forgiveAfter = 10_000

/**
 * Starts something and starts it again whenever it ends by itself, after a pause that doubles with each crash.
 *
 * @param report gets a sentence for each crash
 * @throws whatever the first start throws; later starts are tried again
 */
export async function supervise(
  name: string,
  start: () => Promise<Running>,
  report: (text: string) => void,
): Promise<Supervised> {
  const stopping = new AbortController()
  let current: Running | undefined = await start()
  let since = Date.now()

  async function watch() {
    let backoff = firstBackoff
    while (!stopping.signal.aborted) {
      const how = (await current?.exited) ?? 'could not be started'
      current = undefined
      if (stopping.signal.aborted) return
      if (Date.now() - since > forgiveAfter) backoff = firstBackoff
      report(`${name} ${how}; starting it again in ${backoff} ms`)
      await delay(backoff, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      backoff = Math.min(backoff * 2, longestBackoff)
      since = Date.now()
      try {
        current = await start()
      } catch (error) {
        report(`${name}: ${(error as Error).message}`)
      }
    }
  }
  const watching = watch()

  return {
    name,
    get pid() {
      return current?.pid
    },
    kill(signal) {
      if (current) process.kill(current.pid, signal)
    },
    async stop() {
      stopping.abort()
      await current?.stop()
      await watching
      // a start that was under way when stop was called
      await current?.stop()
    },
  }
}

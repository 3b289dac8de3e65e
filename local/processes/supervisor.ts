import { setTimeout as delay } from 'node:timers/promises'
import { describeExit, type Running } from '@hello/processes/running'
import type { ProcessState } from '@hello/signals-api/process'

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
 * @param onChange gets the state each time it has changed
 * @throws whatever the first start throws; later starts are tried again
 */
export async function supervise(
  name: string,
  start: () => Promise<Running>,
  report: (text: string) => void,
  onChange: (state: ProcessState) => void = () => {},
): Promise<Supervised> {
  const stopping = new AbortController()
  let current: Running | undefined
  let since = 0
  let known: ProcessState = { name, state: 'starting', pid: null, restarts: 0, lastExit: null, nextStart: null }

  function change(changed: Partial<ProcessState>) {
    known = { ...known, nextStart: null, ...changed }
    onChange(known)
  }

  async function begin(restarts: number) {
    since = Date.now()
    change({ state: 'starting', pid: null, restarts })
    current = await start()
    change({ state: 'running', pid: current.pid })
  }

  async function watch() {
    let backoff = firstBackoff
    let failure: string | null = null
    while (!stopping.signal.aborted) {
      const exit = (await current?.exited) ?? { code: null, signal: null }
      const how = current ? describeExit(exit) : `could not be started: ${failure}`
      current = undefined
      if (stopping.signal.aborted) return
      const now = Date.now()
      if (now - since > forgiveAfter) backoff = firstBackoff
      change({
        state: 'waiting',
        pid: null,
        lastExit: { ...exit, time: now, error: failure },
        nextStart: now + backoff,
      })
      report(`${name} ${how}; starting it again in ${backoff} ms`)
      await delay(backoff, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      backoff = Math.min(backoff * 2, longestBackoff)
      failure = await begin(known.restarts + 1).then(
        () => null,
        (error: Error) => error.message,
      )
    }
  }
  await begin(0)
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
      change({ state: 'stopped', pid: null })
    },
  }
}

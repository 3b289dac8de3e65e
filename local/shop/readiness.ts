import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** No guess at the machine's speed, only an end for what never comes, in milliseconds. */
const timeout = 240_000
const interval = 25
const logTail = 4000

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

/**
 * Resolves when a process is ready.
 *
 * @param url answers 2xx then
 * @throws Error when it is not within four minutes, with the last lines of its log where they are in a file
 */
export async function untilReady(name: string, url: string, logFile: string) {
  for (const deadline = Date.now() + timeout; !(await isReady(url)); await delay(interval)) {
    if (Date.now() < deadline) continue
    const lines = await readFile(logFile, 'utf8').catch(() => '')
    throw new Error(`${name} is not ready after ${timeout / 1000} s\n${lines.slice(-logTail)}`.trim())
  }
}

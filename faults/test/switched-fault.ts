import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import type { Fault } from '../src/fault.ts'
import { keepFault } from '../src/flags-file.ts'

/** A file of flags for a file of tests. */
export function temporaryFlags(): string {
  const file = join(tmpdir(), `hello-faults-${randomUUID()}.json`)
  after(() => rm(file, { force: true }))
  return file
}

/**
 * Keeps a fault on until the test ends, at the latest.
 *
 * @returns ends it before
 */
export function turnOn(t: TestContext, file: string, fault: Fault, ratio = 1): () => Promise<unknown> {
  const healing = new AbortController()
  const kept = keepFault(file, fault, { ratio, forMs: 3_600_000, signal: healing.signal })
  const heal = () => {
    healing.abort()
    return kept
  }
  t.after(heal)
  return heal
}

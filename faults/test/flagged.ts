import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Fault } from '../src/fault.ts'
import { keepFault } from '../src/flag-store.ts'
import { flagsInFile } from '../src/flags-file.ts'

const folder = await mkdtemp(join(tmpdir(), 'hello-faults-'))
after(() => rm(folder, { recursive: true, force: true }))

/** The flags of the services of a file of tests. */
export const flagsFile = join(folder, 'faults.json')

/** What the tests' services have in common. */
export const settings = {
  DATABASE_POOL_SIZE: 4,
  LOG_LEVEL: 'silent',
  ALLOWED_HOSTS: 'localhost',
  FAULTS_FILE: flagsFile,
} as const

/** Runs something while a fault is set; the services see within a second that it is, and that it is no longer. */
export async function whileSet(fault: Fault, run: () => Promise<void>, ratio?: number) {
  const stopping = new AbortController()
  const kept = keepFault(flagsInFile(flagsFile), fault, { ratio, forMs: 600_000, signal: stopping.signal })
  try {
    await run()
  } finally {
    stopping.abort()
    await kept
  }
}

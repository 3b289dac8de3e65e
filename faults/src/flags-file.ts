import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { withFileLocked } from './file-lock.ts'
import type { FlagStore } from './flag-store.ts'
import { type FlagsFile, formatFlags, noFlags, parseFlags } from './flags-format.ts'

async function readFlags(file: string): Promise<FlagsFile> {
  try {
    return parseFlags(await readFile(file, 'utf8'), file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return noFlags()
    throw error
  }
}

/** Flags in a file, which is replaced at once so that nobody reads half of one. */
export const flagsInFile = (file: string): FlagStore => ({
  // A few readings by the services, who look every second.
  ...{ lease: 10_000, renewal: 2000 },
  read: () => readFlags(file),
  async change(change) {
    await mkdir(dirname(file), { recursive: true })
    await withFileLocked(file, async () => {
      const content = await readFlags(file)
      if (!change(content)) return
      const unfinished = `${file}.${process.pid}`
      await writeFile(unfinished, formatFlags(content))
      await rename(unfinished, file)
    })
  },
})

/** Forgets every fault, as at a start: whoever set one then is no longer there, or sets it again. */
export const resetFlags = (file: string): Promise<void> => rm(file, { force: true })

import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds between two looks whether the lock is free. */
const lookEvery = 20

const unless = (code: string) => (error: NodeJS.ErrnoException) => {
  if (error.code !== code) throw error
  return undefined
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Runs something while no other program on this machine does so for the same file, whose folder must be there. A lock of a
 * program that was killed while it held it counts for nothing.
 */
export async function withFileLocked<T>(file: string, run: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`
  const own = `${lock}.${randomUUID()}`
  await writeFile(own, String(process.pid))
  try {
    // A link comes with the process id in it, so that no lock is without one.
    while ((await link(own, lock).then(() => true, unless('EEXIST'))) === undefined) {
      const holder = await readFile(lock, 'utf8').catch(unless('ENOENT'))
      if (holder && !isRunning(Number(holder))) await rm(lock, { force: true })
      else await delay(lookEvery)
    }
    try {
      return await run()
    } finally {
      await rm(lock, { force: true })
    }
  } finally {
    await rm(own, { force: true })
  }
}

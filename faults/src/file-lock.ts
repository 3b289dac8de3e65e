import { open, rm, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** A lock as old as this is of a program that was killed: it is held for a few milliseconds, so long ago nobody holds it. */
const abandonedAfter = 5000
const lookEvery = 20

const goneAlready = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENOENT') throw error
}

/** Whether the lock was taken. */
async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx')).close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

/** Runs something while no other program on this machine does so for the same file, whose folder must be there. */
export async function withFileLocked<T>(file: string, run: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`
  while (!(await take(lock))) {
    const held = await stat(lock).catch(goneAlready)
    if (held && Date.now() - held.mtimeMs > abandonedAfter) await rm(lock, { force: true })
    else await delay(lookEvery)
  }
  try {
    return await run()
  } finally {
    await rm(lock, { force: true })
  }
}

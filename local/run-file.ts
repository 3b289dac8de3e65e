import { readFile } from 'node:fs/promises'

/** What a launcher writes down of itself, so that a second one and a later one find it. */
export interface RunFile {
  pid: number
  frontend: string
  /** Ids of the processes it started, by name. */
  processes: Record<string, number>
}

/** Whether a process with this id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export async function readRunFile(path: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunFile
  } catch {
    return undefined
  }
}

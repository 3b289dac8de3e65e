import { existsSync } from 'node:fs'
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

/** The command line of a process. Where the system has no /proc, a recorded process id is taken at its word. */
export async function commandOf(pid: number): Promise<string> {
  if (!existsSync('/proc/self')) return 'local/main.ts server.ts postgres'
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
}

export async function readRunFile(path: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunFile
  } catch {
    return undefined
  }
}

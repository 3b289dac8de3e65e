import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { endLeftoverPostgres } from '@hello/postgres/server'
import { endProcess, findProcess } from '@hello/processes/process-info'
import type { ProcessState } from '@hello/signals-api/process'

/** What a launcher writes down of itself, so that a second one and a later one find it. */
export interface RunFile {
  pid: number
  frontend: string
  /** Base URLs of the services that keep the products and the stock. */
  shelves: { product: string; inventory: string }
  /** Where a lab listens while it runs. */
  labPort: number
  /** Base URL of Prometheus, where it runs. */
  prometheus?: string | undefined
  /** The processes that it supervises, by name. */
  processes: Record<string, ProcessState>
}

const pathIn = (dataDir: string) => join(dataDir, 'run.json')

/** @returns undefined where nothing runs and nothing was left behind */
export async function readRunFile(dataDir: string): Promise<RunFile | undefined> {
  try {
    return JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as RunFile
  } catch {
    return undefined
  }
}

/** Whether the launcher that wrote the file still runs. */
export function isLauncherRunning({ pid }: RunFile): boolean {
  return findProcess(pid)?.command.includes('main.ts') ?? false
}

/** Ends what a launcher that was killed has left behind. */
export async function endLeftovers(dataDir: string, { processes }: RunFile, say: (text: string) => void) {
  await Promise.all(
    Object.values(processes).map(async ({ name, pid }) => {
      const command = pid === null ? undefined : findProcess(pid)?.command
      // By now the number may be that of a stranger: a service is a server.ts, a program of the stack is the file of its name. PostgreSQL is
      // ended below.
      if (pid === null || !(command?.includes('server.ts') || command?.includes(`/${name} `))) return
      say(`ending ${name} (process ${pid}), which an earlier run left behind`)
      await endProcess(pid, ['SIGTERM', 'SIGKILL'])
    }),
  )
  await endLeftoverPostgres(join(dataDir, 'postgres'), say)
}

function draft(dataDir: string, run: RunFile): string {
  const path = `${pathIn(dataDir)}.${run.pid}`
  writeFileSync(path, JSON.stringify(run))
  return path
}

/** @throws Error with code EEXIST when there is a run file already */
export function createRunFile(dataDir: string, run: RunFile) {
  const path = draft(dataDir, run)
  try {
    linkSync(path, pathIn(dataDir))
  } finally {
    rmSync(path)
  }
}

export function updateRunFile(dataDir: string, run: RunFile) {
  renameSync(draft(dataDir, run), pathIn(dataDir))
}

export function removeRunFile(dataDir: string) {
  rmSync(pathIn(dataDir), { force: true })
}

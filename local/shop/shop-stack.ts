import { join } from 'node:path'
import { createLogFiles } from '../stack/log-files.ts'
import type { StackOptions } from '../stack/start-stack.ts'
import type { Plan } from './plan.ts'
import { postgresPod } from './pod.ts'
import type { ShopWatch } from './shop-watch.ts'

interface ShopStackOptions extends Omit<StackOptions, 'folder'> {
  dataDir: string
}

/** Folder of what the stack keeps. */
export const stackFolder = (dataDir: string) => join(dataDir, 'stack')

/** Starts the cluster's stack for the planned processes; undefined where there shall be none. */
export async function startShopStack({ dataDir, ...options }: ShopStackOptions, watch: ShopWatch) {
  if (!options.plan.stack) return undefined
  const { startStack } = await import('../stack/start-stack.ts')
  return startStack({ ...options, folder: stackFolder(dataDir) }, watch)
}

/** Keeps the lines of the shop's processes where Promtail reads them; undefined where none runs. */
export function createShopLogs({ stack }: Plan, dataDir: string) {
  if (!stack?.programs.promtail) return undefined
  const { write, close } = createLogFiles(join(stackFolder(dataDir), 'promtail'))
  const podOf = (name: string) => (name === 'postgres' ? postgresPod.pod : name)
  return { write: (name: string, line: string) => write(podOf(name), line), close }
}

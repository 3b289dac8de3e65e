import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { checkout } from '../processes/checkout.ts'
import { type StackProgramName, stackPorts } from '../shop/designed-ports.ts'

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Path of each program of the stack that is on this machine: what `make tools STACK=1` fetched, or what is on PATH. */
export function findPrograms(): Partial<Record<StackProgramName, string>> {
  const folders = [join(checkout, '.tools'), ...(process.env.PATH ?? '').split(delimiter)].filter(Boolean)
  return Object.fromEntries(
    Object.keys(stackPorts).flatMap((name) => {
      const path = folders.map((folder) => join(folder, name)).find(isExecutable)
      return path ? [[name, path]] : []
    }),
  )
}

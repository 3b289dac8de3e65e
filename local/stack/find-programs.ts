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

/** Path of a program: what `make tools STACK=1` fetched, or what is on PATH; undefined where it is on neither. */
export function findProgram(name: string): string | undefined {
  const folders = [join(checkout, '.tools'), ...(process.env.PATH ?? '').split(delimiter)].filter(Boolean)
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** Path of each program of the stack that is on this machine. */
export function findPrograms(): Partial<Record<StackProgramName, string>> {
  return Object.fromEntries(
    Object.keys(stackPorts).flatMap((name) => {
      const path = findProgram(name)
      return path ? [[name, path]] : []
    }),
  )
}

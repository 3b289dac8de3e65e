import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { run } from './command.ts'

export interface Tool {
  name: string
  version: string
  /** The oldest version that works; an installed one from here on is left alone. */
  minimum: string
  /** Arguments that make the program print its version. */
  ask: string[]
  url: string
  /** Where the publisher gives the SHA-256: of this file alone, or a list with a line for it. */
  checksum: string
  /** `member` where it is the sum of the program inside, not of the archive. */
  checksumOf?: 'member'
  /** The program's path inside the archive at `url`; absent when `url` is the program itself. */
  member?: string
  /** The folder in the archive that the program needs around it. */
  folder?: string
  /** Whether it is of `make local STACK=1`; else of `make up`. */
  stack?: boolean
  darwin?: { url: string; member: string }
}

const all: Tool[] = parse(readFileSync(new URL('../tools.yaml', import.meta.url), 'utf8'))

/** The programs of `make up`. */
export const pinnedTools = all.filter(({ stack }) => !stack)
/** The programs of `make local STACK=1`. */
export const stackTools = all.filter(({ stack }) => stack)

interface Location {
  url: string
  checksum: string
  member?: string
  folder?: string
}

/** Where a tool's file, its checksum and the program inside are, for a platform in Go's terms (linux/amd64). */
export function locate(tool: Tool, os: string, arch: string): Location {
  const { url, member } = os === 'darwin' && tool.darwin ? tool.darwin : tool
  const fill = (template: string) =>
    template.replaceAll('{version}', tool.version).replaceAll('{os}', os).replaceAll('{arch}', arch)
  return {
    url: fill(url),
    checksum: fill(tool.checksum),
    ...(member && { member: fill(member) }),
    ...(tool.folder && { folder: fill(tool.folder) }),
  }
}

/** The version that the program on PATH (or at a path) says it has, or undefined when it does not run. */
export async function installedVersion(tool: Tool, program = tool.name): Promise<string | undefined> {
  const { code, stdout } = await run(program, tool.ask)
  const version = /\bv?(\d+\.\d+(?:\.\d+)?)\b/.exec(stdout)?.[1]
  return code === 0 ? version : undefined
}

/** Whether a version is at least another; a missing part counts as the highest ("4.3" satisfies "4.3.1"). */
export function atLeast(version: string, minimum: string): boolean {
  const wanted = minimum.split('.').map(Number)
  for (const [index, part] of version.split('.').map(Number).entries())
    if (part !== wanted[index]) return part > wanted[index]!
  return true
}

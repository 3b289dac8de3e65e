import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { read } from './command.ts'
import { atLeast, installedVersion, locate, pinnedTools, type Tool } from './pinned-tools.ts'
import { paint, table } from './terminal.ts'

const usage = `Usage: make tools   or   node cluster/src/tools.ts [--directory .tools] [--mirror ADDRESS] [--force] [NAME...]

Downloads kind, kubectl, helm, skaffold and k6 (those named, or all), each only where none recent enough is on PATH, and
checks each against its publisher's SHA-256. Versions and addresses: cluster/tools.yaml.

  --directory   where to put them (default: .tools, which the Makefile has on PATH)
  --mirror      an address that serves the same files as <mirror>/<host>/<path> (or the environment's TOOLS_MIRROR)
  --force       download also what is there
`

const mirrored = (url: string, mirror: string | undefined): string =>
  mirror ? url.replace(/^https:\//, mirror.replace(/\/$/, '')) : url

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url).catch((error: Error) => {
    throw new Error(`${url} cannot be reached (${(error.cause as Error)?.message ?? error.message}).`)
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status} ${response.statusText}.`)
  return Buffer.from(await response.arrayBuffer())
}

/** Finds a file's SHA-256 in a publisher's checksum file: the bare sum, or `sum  name` lines as sha256sum writes them. */
export function publishedSum(text: string, file: string): string | undefined {
  const lines = text.trim().split('\n')
  const line = lines.length === 1 ? lines[0] : lines.find((candidate) => candidate.trimEnd().endsWith(` ${file}`))
  return /^[0-9a-f]{64}\b/.exec(line ?? '')?.[0]
}

/**
 * Downloads one tool into a directory. The program appears there only when its checksum is right.
 * Throws naming the address when it cannot be reached, has no checksum, or does not match it.
 */
export async function fetchTool(tool: Tool, directory: string, os: string, arch: string, mirror?: string) {
  const { url, checksum, member } = locate(tool, os, arch)
  const sums = await download(mirrored(checksum, mirror))
  const wanted = publishedSum(sums.toString(), basename(url))
  if (!wanted) throw new Error(`${mirrored(checksum, mirror)} names no SHA-256 for ${basename(url)}.`)
  const file = await download(mirrored(url, mirror))
  const sum = createHash('sha256').update(file).digest('hex')
  if (sum !== wanted)
    throw new Error(`${mirrored(url, mirror)} has SHA-256 ${sum}, its publisher says ${wanted}. Nothing was installed.`)

  await mkdir(directory, { recursive: true })
  const work = await mkdtemp(join(directory, '.download-'))
  try {
    const archive = join(work, basename(url))
    await writeFile(archive, file)
    if (member) await read('tar', ['-xf', archive, '-C', work, member]) // macOS's tar unpacks zip, too
    const program = member ? join(work, member) : archive
    await chmod(program, 0o755)
    await rename(program, join(directory, tool.name))
  } finally {
    await rm(work, { recursive: true })
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      directory: { type: 'string', default: '.tools' },
      mirror: { type: 'string', default: process.env.TOOLS_MIRROR },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const unknown = positionals.filter((name) => !pinnedTools.some((tool) => tool.name === name))
  if (unknown.length > 0) {
    process.stderr.write(
      `No such tool: ${unknown.join(', ')}. There are ${pinnedTools.map((tool) => tool.name).join(', ')}.\n`,
    )
    return 2
  }
  const os = process.platform === 'darwin' ? 'darwin' : 'linux'
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'
  const rows: string[][] = []
  let failed = false
  for (const tool of pinnedTools) {
    if (positionals.length > 0 && !positionals.includes(tool.name)) continue
    const own = join(resolve(values.directory), tool.name)
    const present = (await installedVersion(tool, own)) ?? (await installedVersion(tool))
    if (present && atLeast(present, tool.minimum) && !values.force) {
      rows.push([paint('green', 'kept'), tool.name, present])
      continue
    }
    process.stdout.write(`${tool.name} ${tool.version} ...\n`)
    try {
      await fetchTool(tool, resolve(values.directory), os, arch, values.mirror)
      rows.push([
        paint('green', 'downloaded'),
        tool.name,
        (await installedVersion(tool, own)) ?? `${tool.version} (does not run here)`,
      ])
    } catch (error) {
      failed = true
      rows.push([paint('red', 'failed'), tool.name, (error as Error).message])
    }
  }
  process.stdout.write(`${table(rows)}\n`)
  return failed ? 1 : 0
}

if (import.meta.main) process.exitCode = await main()

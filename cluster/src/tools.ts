import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { unzipSync } from 'fflate'
import { read } from './command.ts'
import { atLeast, installedVersion, locate, pinnedTools, stackTools, type Tool } from './pinned-tools.ts'
import { paint, table } from './terminal.ts'

const usage = `Usage: make tools   or   node cluster/src/tools.ts [--stack] [--directory .tools] [--mirror ADDRESS] [--force] [NAME...]

Downloads kind, kubectl, helm, skaffold and k6, or with --stack the programs of make local STACK=1, or those named: each only
where none recent enough is on PATH, and checked against its publisher's SHA-256. Versions and addresses: cluster/tools.yaml.

  --stack       Prometheus, promtool, Alertmanager, Loki, Promtail, Jaeger, Grafana, two exporters and the OpenTelemetry Collector
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
  const line =
    lines.length === 1
      ? lines[0]
      : lines.find((candidate) => new Set([` ${file}`, `*${file}`]).has(candidate.trimEnd().slice(-file.length - 1)))
  return /^[0-9a-f]{64}\b/.exec(line ?? '')?.[0]
}

const sumOf = (data: Buffer) => createHash('sha256').update(data).digest('hex')

/** Unpacks a member of an archive, or all where it is not named. */
async function unpack(archive: string, file: Buffer, into: string, member?: string) {
  if (!archive.endsWith('.zip')) {
    await read('tar', ['-xf', archive, '-C', into, ...(member ? [member] : [])])
    return
  }
  const { [member!]: content } = unzipSync(file, { filter: ({ name }) => name === member })
  if (!content) throw new Error(`${basename(archive)} has no ${member} in it.`)
  await mkdir(dirname(join(into, member!)), { recursive: true })
  await writeFile(join(into, member!), content)
}

/** Puts a program in its place, with the folder that it needs around it beside it. */
async function install({ name }: Tool, directory: string, work: string, program: string, folder?: string) {
  const place = join(directory, name)
  await chmod(program, 0o755)
  if (!folder) return rename(program, place)
  const beside = join('share', name)
  await rm(join(directory, beside), { recursive: true, force: true })
  await mkdir(join(directory, 'share'), { recursive: true })
  await rename(join(work, folder), join(directory, beside))
  await rm(place, { force: true })
  await symlink(join(beside, relative(join(work, folder), program)), place)
}

/**
 * Downloads one tool into a directory. The program appears there only when its checksum is right.
 * Throws naming the address when it cannot be reached, has no checksum, or does not match it.
 */
export async function fetchTool(tool: Tool, directory: string, os: string, arch: string, mirror?: string) {
  const { url, checksum, member, folder } = locate(tool, os, arch)
  const from = mirrored(url, mirror)
  const summed = tool.checksumOf ? member! : basename(url)
  const wanted = publishedSum((await download(mirrored(checksum, mirror))).toString(), summed)
  if (!wanted) throw new Error(`${mirrored(checksum, mirror)} names no SHA-256 for ${summed}.`)
  const check = (data: Buffer) => {
    const sum = sumOf(data)
    if (sum === wanted) return
    throw new Error(`${from} has SHA-256 ${sum}, its publisher says ${wanted}. Nothing was installed.`)
  }
  const file = await download(from)
  if (!tool.checksumOf) check(file)

  await mkdir(directory, { recursive: true })
  const work = await mkdtemp(join(directory, '.download-'))
  try {
    const archive = join(work, basename(url))
    await writeFile(archive, file)
    if (member) await unpack(archive, file, work, folder ? undefined : member)
    const program = member ? join(work, member) : archive
    if (tool.checksumOf) check(await readFile(program))
    await install(tool, directory, work, program, folder)
  } finally {
    await rm(work, { recursive: true })
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stack: { type: 'boolean', default: false },
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
  const all = [...pinnedTools, ...stackTools]
  const unknown = positionals.filter((name) => !all.some((tool) => tool.name === name))
  if (unknown.length > 0) {
    process.stderr.write(`No such tool: ${unknown.join(', ')}. There are ${all.map((tool) => tool.name).join(', ')}.\n`)
    return 2
  }
  const os = process.platform === 'darwin' ? 'darwin' : 'linux'
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'
  const rows: string[][] = []
  let failed = false
  const ofGroup = values.stack ? stackTools : pinnedTools
  const chosen = positionals.length > 0 ? all.filter(({ name }) => positionals.includes(name)) : ofGroup
  for (const tool of chosen) {
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

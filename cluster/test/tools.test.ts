import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { strToU8, zipSync } from 'fflate'
import { atLeast, locate, pinnedTools, stackTools } from '../src/pinned-tools.ts'
import { publishedSum } from '../src/tools.ts'

const os = process.platform === 'darwin' ? 'darwin' : 'linux'
const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'
const script = new URL('../src/tools.ts', import.meta.url).pathname
const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex')
const program = (name: string, version: string) => `#!/bin/sh\necho "${name} v${version}"\n`
const allTools = [...pinnedTools, ...stackTools]
const tool = (name: string) => allTools.find((candidate) => candidate.name === name)!
const mirrorPath = (url: string) => url.replace('https:/', '')

/** What the mirror serves, by path. */
const files = new Map<string, Buffer>()
const mirror = createServer((request, response) => {
  const file = files.get(request.url!)
  response.writeHead(file ? 200 : 404).end(file)
})
let work: string

/** A PATH with what the script itself needs, and nothing that happens to be installed here. */
const path = (...folders: string[]) => [...folders, dirname(process.execPath), join(work, 'bin')].join(':')

async function runTools(args: string[], folders: string[] = []) {
  const { port } = mirror.address() as AddressInfo
  const environment = { PATH: path(...folders), TOOLS_MIRROR: `http://127.0.0.1:${port}`, NO_COLOR: '1' }
  return promisify(execFile)(process.execPath, [script, ...args], { env: environment }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
}

/** An archive as its publisher makes it: with its programs, and where one needs it with a folder around it. */
async function archiveOf(url: string, script: string, member: string, folder?: string): Promise<Buffer> {
  if (url.endsWith('.zip')) return Buffer.from(zipSync({ LICENSE: strToU8('...'), [member]: strToU8(script) }))
  const place = join(work, 'archives', basename(url))
  mkdirSync(dirname(join(place, member)), { recursive: true })
  writeFileSync(join(place, member), script, { mode: 0o755 })
  if (folder) writeFileSync(join(place, folder, 'defaults.ini'), '')
  const archive = join(work, basename(url))
  await promisify(execFile)('tar', ['-caf', archive, '-C', place, ...readdirSync(place)])
  return readFileSync(archive)
}

/** The three ways in which publishers write sums. */
function sumsOf(checksum: string, file: string, data: Buffer | string): Buffer {
  if (checksum.endsWith('.sha256')) return Buffer.from(sha256(data))
  const mark = checksum.endsWith('.sha256sum.txt') ? '*' : ' '
  return Buffer.from(`${'0'.repeat(64)} ${mark}something-else\n${sha256(data)} ${mark}${file}\n`)
}

before(async () => {
  work = mkdtempSync(join(tmpdir(), 'tools-'))
  mkdirSync(join(work, 'bin'))
  for (const needed of ['tar', 'gzip'])
    writeFileSync(join(work, 'bin', needed), `#!/bin/sh\nPATH=/usr/bin:/bin exec ${needed} "$@"\n`, { mode: 0o755 })
  for (const { name, version, checksumOf } of allTools) {
    const { url, checksum, member, folder } = locate(tool(name), os, arch)
    const script = program(name, version)
    const data = member ? await archiveOf(url, script, member, folder) : Buffer.from(script)
    files.set(mirrorPath(url), data)
    files.set(mirrorPath(checksum), sumsOf(checksum, checksumOf ? member! : basename(url), checksumOf ? script : data))
  }
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve))
})

after(() => {
  mirror.close()
  rmSync(work, { recursive: true })
})

test('downloads every missing tool, and each runs', async () => {
  const directory = join(work, 'all')
  const { code, stdout, stderr } = await runTools(['--directory', directory])
  assert.equal(code, 0, stdout + stderr)
  assert.deepEqual(readdirSync(directory).sort(), pinnedTools.map(({ name }) => name).sort())
  for (const { name, version } of pinnedTools) assert.match(stdout, new RegExp(`downloaded +${name} +${version}`))
})

test('downloads the programs of make local STACK=1, with the folder that Grafana needs', async () => {
  const directory = join(work, 'stack')
  const { code, stdout, stderr } = await runTools(['--stack', '--directory', directory])
  assert.equal(code, 0, stdout + stderr)
  assert.deepEqual(readdirSync(directory).sort(), ['share', ...stackTools.map(({ name }) => name)].sort())
  for (const { name, version } of stackTools) assert.match(stdout, new RegExp(`downloaded +${name} +${version}`))
  assert.ok(existsSync(join(directory, 'share/grafana/defaults.ini')))
  const again = await runTools(['--stack', '--directory', directory, '--force', 'grafana'])
  assert.match(again.stdout, /^downloaded +grafana/m)
})

test('installs no program of an archive when its own checksum is another', async () => {
  const { checksum, member } = locate(tool('jaeger-all-in-one'), os, arch)
  const sums = files.get(mirrorPath(checksum))!
  files.set(mirrorPath(checksum), Buffer.from(`${'1'.repeat(64)} *${member}\n`))
  const directory = join(work, 'other-member')
  const { code, stdout } = await runTools(['--directory', directory, 'jaeger-all-in-one'])
  files.set(mirrorPath(checksum), sums)
  assert.equal(code, 1)
  assert.match(stdout, /failed +jaeger-all-in-one .* its publisher says 1{64}/)
  assert.deepEqual(readdirSync(directory), [])
})

test('keeps what it downloaded before, unless forced', async () => {
  const directory = join(work, 'again')
  await runTools(['--directory', directory, 'kind'])
  assert.match((await runTools(['--directory', directory, 'kind'])).stdout, /^kept +kind/m)
  assert.match((await runTools(['--directory', directory, '--force', 'kind'])).stdout, /^downloaded +kind/m)
})

test('keeps an installed tool that is recent enough, and replaces an older one', async () => {
  const installed = join(work, 'installed')
  mkdirSync(installed)
  for (const [name, version] of [
    ['kind', '0.99.1'],
    ['helm', '3.9.0'],
  ] as const) {
    writeFileSync(join(installed, name), program(name, version))
    chmodSync(join(installed, name), 0o755)
  }
  const { stdout } = await runTools(['--directory', join(work, 'partly'), 'kind', 'helm'], [installed])
  assert.match(stdout, /^kept +kind +0\.99\.1/m)
  assert.match(stdout, /^downloaded +helm/m)
})

test('installs nothing when the checksum is another, and says both', async () => {
  const { url } = locate(tool('skaffold'), os, arch)
  const genuine = files.get(mirrorPath(url))!
  files.set(mirrorPath(url), Buffer.from('#!/bin/sh\necho tampered\n'))
  const directory = join(work, 'tampered')
  const { code, stdout } = await runTools(['--directory', directory, 'skaffold'])
  files.set(mirrorPath(url), genuine)
  assert.equal(code, 1)
  assert.match(stdout, new RegExp(`failed +skaffold .*${sha256('#!/bin/sh\necho tampered\n')}.*${sha256(genuine)}`))
  assert.ok(!existsSync(join(directory, 'skaffold')))
})

test('names the address that does not serve a tool, and still fetches the others', async () => {
  const { checksum } = locate(tool('kubectl'), os, arch)
  const sums = files.get(mirrorPath(checksum))!
  files.delete(mirrorPath(checksum))
  const { code, stdout } = await runTools(['--directory', join(work, 'gone'), 'kubectl', 'k6'])
  files.set(mirrorPath(checksum), sums)
  assert.equal(code, 1)
  assert.match(stdout, new RegExp(`failed +kubectl +http://127.0.0.1:\\d+${mirrorPath(checksum)} answered 404`))
  assert.match(stdout, /^downloaded +k6/m)
})

test('refuses a name that it does not know', async () => {
  const { code, stderr } = await runTools(['minikube'])
  assert.equal(code, 2)
  assert.match(
    stderr,
    /No such tool: minikube\. There are kind, kubectl, helm, skaffold, k6, prometheus, .*node_exporter\./,
  )
})

test('every tool has an address for every platform', () => {
  for (const candidate of allTools)
    for (const platform of ['linux', 'darwin'])
      for (const processor of ['amd64', 'arm64']) {
        const { url, checksum, member = '' } = locate(candidate, platform, processor)
        assert.doesNotMatch(url + checksum + member, /[{}]/)
        assert.match(url, new RegExp(processor))
      }
})

test('finds a sum in a list and alone', () => {
  const sum = 'a'.repeat(64)
  assert.equal(publishedSum(`${sum}\n`, 'kubectl'), sum)
  assert.equal(publishedSum(`${'b'.repeat(64)}  k6.zip\n${sum}  k6.tar.gz\n`, 'k6.tar.gz'), sum)
  assert.equal(publishedSum(`${sum}  k6.zip\n${sum}  k7.zip\n`, 'k6.tar.gz'), undefined)
  assert.equal(publishedSum('<html>not found</html>', 'kubectl'), undefined)
})

test('compares versions by number', () => {
  assert.ok(
    atLeast('1.36.4', '1.35.0') &&
      atLeast('0.32.0', '0.32.0') &&
      atLeast('4.3', '4.0.0') &&
      atLeast('0.100.0', '0.32.0'),
  )
  assert.ok(!atLeast('1.9.9', '1.35.0') && !atLeast('3.21.4', '4.0.0') && !atLeast('0.31.9', '0.32.0'))
})

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

interface Locked {
  link?: boolean
  integrity?: string
}

/** The packages of a lock file that come from a registry. */
const locked = (file: string) =>
  Object.entries(JSON.parse(read(file)).packages as Record<string, Locked>).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  )

for (const file of ['package-lock.json', 'bench/telemetry/peer/package-lock.json'])
  test(`every package of ${file} has a hash`, () => {
    const packages = locked(file)
    assert.ok(packages.length > 100)
    const bare = packages.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''))
    assert.deepEqual(
      bare.map(([path]) => path),
      [],
      'CONTRIBUTING.md, Supply chain, says what to do',
    )
  })

test('schemathesis and all that it needs have hashes, and the command that made them is the documented one', () => {
  const requirements = read('e2e/fuzz-requirements.txt')
  const packages = requirements.split(/^(?=\w)/m).slice(1)
  assert.ok(packages.length > 10)
  for (const text of packages) assert.match(text, /^[\w-]+==\S+ [^#]*--hash=sha256:[0-9a-f]{64}\b/)
  assert.ok(requirements.includes(read('e2e/fuzz-requirements.in').trim()))
  const [, command] = /^# {4}(uv .*)$/m.exec(requirements) ?? assert.fail('no command in the head')
  assert.ok(read('CONTRIBUTING.md').includes(`\`${command}\``))
})

test('every image of our own choice has a digest, and a command in CONTRIBUTING.md that renews it', () => {
  const { image, exporter } = parse(read('charts/postgres/values.yaml'))
  const { jaeger } = parse(read('charts/observability/values.yaml'))
  const { nodes } = parse(read('kind-config.yaml'))
  const [, base] = /^ARG NODE_IMAGE=(\S+)$/m.exec(read('services/Dockerfile'))!
  const whole = ({ repository, tag, digest }: Record<string, string>) => `${repository}:${tag}@${digest}`
  const images = [base!, ...nodes.map((node: { image: string }) => node.image)]
  images.push(...[image, exporter.image, jaeger.image].map(whole))

  const renewed = [...read('CONTRIBUTING.md').matchAll(/`docker buildx imagetools inspect (\S+)`/g)]
  for (const name of images) assert.match(name, /^\S+:\S+@sha256:[0-9a-f]{64}$/)
  assert.deepEqual(renewed.map(([, name]) => name).sort(), images.map((name) => name.split('@')[0]).sort())
})

test('no stage of services/Dockerfile starts from an image of its own', () => {
  const stages = [...read('services/Dockerfile').matchAll(/^FROM (\S+) AS (\S+)$/gm)]
  const names = stages.map(([, , name]) => name)
  for (const [line, from] of stages) assert.ok(from === '$' + '{NODE_IMAGE}' || names.includes(from), line)
})

test('make supply-chain writes an SBOM of every locked package, and says whether signatures were verified', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'supply-chain-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const name of ['Makefile', 'package.json', 'package-lock.json']) cpSync(join(root, name), join(folder, name))
  const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] }
  const manifest = (source: string) => !/node_modules|\/dist|\/test/.test(source.slice(root.length))
  for (const workspace of workspaces.map((name) => name.replace('/*', '')))
    cpSync(join(root, workspace), join(folder, workspace), { recursive: true, filter: manifest })

  const { status, stdout, stderr } = spawnSync('make', ['supply-chain', '--old-file=node_modules/.package-lock.json'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, npm_config_fetch_timeout: '10000' },
  })
  const { bomFormat, components } = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'))
  assert.equal(bomFormat, 'CycloneDX')
  const hashed = components.filter(({ hashes }: { hashes?: unknown[] }) => hashes)
  const wanted = new Set(locked('package-lock.json').map(([, { integrity }]) => integrity))
  assert.equal(hashed.length, wanted.size)
  if (status === 0) assert.match(stdout, /verified registry signatures/)
  else assert.match(stderr, /No signature was verified, or one is wrong/)
})

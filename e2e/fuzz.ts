/**
 * make fuzz: starts a shop of its own and lets schemathesis send it what its OpenAPI documents allow and what they forbid,
 * through the gateway and straight to each service. Fails on any 5xx, on any answer that is not documented, on what is
 * accepted against the document and on what is refused although the document allows it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { startShop } from '@hello/local/shop/start-shop'
import { services } from '@hello/shop/services'

const help = `Usage: node e2e/fuzz.ts [options]

  --seconds N   time for each document, all of which are tested at once (default 15)
  --seed N      repeat a run (default: a new one, printed)
  --help        show this`

/** All that have a document. */
const targets = services.map(({ name }) => name).filter((name) => name !== 'frontend')
/** Fewer than this many requests prove nothing, however fine their answers are. */
const fewestRequests = 100
const here = import.meta.dirname
const environment = join(here, '..', '.local', 'fuzz')
const requirements = join(here, 'fuzz-requirements.txt')
const schemathesis = join(environment, 'bin', 'schemathesis')

/** Runs a command to its end, showing nothing unless it fails. */
function prepare(command: string, args: string[]) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${error?.message ?? stdout + stderr}`)
}

function install() {
  if (spawnSync('python3', ['-c', 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))']).status !== 0) {
    console.error('make fuzz needs python3, 3.11 or newer, with venv (Debian: python3-venv). Install it and run again.')
    process.exit(1)
  }
  if (!existsSync(schemathesis)) prepare('python3', ['-m', 'venv', '--clear', environment])
  prepare(join(environment, 'bin', 'pip'), [
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    requirements,
  ])
}

/** Tests one document, prints what was found, and resolves with whether that is nothing. */
async function fuzz(target: string, url: string, seconds: string, seed: string): Promise<boolean> {
  const args = ['--config-file', join(here, 'schemathesis.toml'), 'run', `${url}/docs/json`, '--url', url]
  const limits = ['--max-time', seconds, '--seed', seed, '--continue-on-failure']
  const child = spawn(schemathesis, [...args, ...limits], { stdio: ['ignore', 'pipe', 'pipe'], cwd: environment })
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk))
  const code = await new Promise((resolve) => child.on('close', resolve))
  const report = stripVTControlCharacters(Buffer.concat(output).toString())
  const [summary = 'nothing generated', requests = '0'] = /(\d+) generated.*/.exec(report) ?? []
  const clean = code === 0 && Number(requests) >= fewestRequests
  console.log(`${target.padEnd(10)}${summary}${clean ? '' : `\n${report}`}`)
  return clean
}

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '15' }, seed: { type: 'string' }, help: { type: 'boolean' } },
})
if (values.help) {
  console.log(help)
  process.exit()
}
install()
const seed = values.seed ?? String(Math.floor(Math.random() * 1e9))
console.log(`seed ${seed}`)
const shop = await startShop({
  only: targets,
  durable: false,
  env: { LOG_LEVEL: 'error', RATE_LIMIT_PER_SECOND: '1000000' },
  onLine: (name, line) => line.startsWith('{') && console.log(`${name} ${line}`),
})
let clean = false
try {
  await shop.ready()
  const results = await Promise.all(targets.map((target) => fuzz(target, shop.urls[target], values.seconds, seed)))
  clean = results.every(Boolean)
} finally {
  await shop.stop()
}
process.exit(clean ? 0 : 1)

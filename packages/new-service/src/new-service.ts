/** `make new-service`: a service with one table, and what the rest of the checkout has to know of it. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { type Service, services } from '@hello/shop/services'
import { objectionTo, rename } from './names.ts'

const usage = `Usage: make new-service NAME=cart   or   node packages/new-service/src/new-service.ts NAME

Makes services/NAME: a service with a database of its own, one table, routes, tests and values for charts/service; and brings
packages/shop/src/services.ts, skaffold.yaml and package-lock.json to it. Launcher, monitoring, images and tests follow from these.

Exit codes: 0 made, 1 cannot be made, 2 unusable options.`

const root = join(import.meta.dirname, '../../..')
const template = join(import.meta.dirname, '../template')
const list = join(root, 'packages/shop/src/services.ts')

/** The next of the ports that are given one after the other, after the highest below `end`. */
const nextPort = (taken: number[], end: number) => Math.max(...taken.filter((port) => port < end)) + 1

function describe(name: string): Service {
  const all: readonly Service[] = services
  return {
    name,
    folder: `services/${name}`,
    entry: 'src/server.ts',
    port: nextPort(
      all.map(({ port }) => port),
      8999,
    ),
    managementPort: nextPort(
      all.map(({ managementPort }) => managementPort),
      9999,
    ),
    database: true,
    demoRows: false,
    upstreams: [],
  }
}

function writeFolder({ name, folder, port, managementPort }: Service) {
  for (const path of globSync('**/*.*', { cwd: template })) {
    const target = join(root, folder, rename(path, name))
    const text = rename(readFileSync(join(template, path), 'utf8'), name)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text.replaceAll('8999', String(port)).replaceAll('9999', String(managementPort)))
  }
}

/** In the list, what is called comes before what calls it. */
function addToList(service: Service) {
  const text = readFileSync(list, 'utf8')
  const [start, end] = ['export const services = [\n', '] as const satisfies Service[]']
  if (!text.includes(start) || !text.includes(end)) throw new Error(`${list} has no list that begins with: ${start}`)
  writeFileSync(list, text.replace(start, `${start}${JSON.stringify(service, undefined, 2)},\n`))
}

function run(program: string, ...args: string[]) {
  execFileSync(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
}

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean', short: 'h', default: false } },
  allowPositionals: true,
})
const [name] = positionals
if (values.help) {
  process.stdout.write(`${usage}\n`)
  process.exit()
}
if (!name || positionals.length > 1) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}

function fail(text: string): never {
  process.stderr.write(`${styleText('red', text, { stream: process.stderr })}\n`)
  process.exit(1)
}

const objection = objectionTo(name)
if (objection) fail(objection)
if (services.some((one) => one.name === name))
  fail(`There is a service ${name} already: packages/shop/src/services.ts lists all.`)
if (existsSync(join(root, 'services', name)))
  fail(
    `services/${name} is there but not in packages/shop/src/services.ts: yours, or of a run that was cut short. Move it away.`,
  )

const service = describe(name)
const changed = [list, join(root, 'skaffold.yaml'), join(root, 'package-lock.json')]
const before = changed.map((file) => readFileSync(file))
try {
  writeFolder(service)
  addToList(service)
  run('biome', 'check', '--write', '--vcs-enabled=false', service.folder, list)
  run(process.execPath, 'cluster/src/skaffold.ts')
  run('npm', 'install', '--package-lock-only', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund')
} catch (error) {
  rmSync(join(root, service.folder), { recursive: true, force: true })
  for (const [at, file] of changed.entries()) writeFileSync(file, before[at]!)
  fail(`${(error as Error).message}\nNothing was made.`)
}

const path = rename('/sample-things', name)
process.stdout.write(`services/${name} is there; it listens on ${service.port} and has the database ${name}.

  make local                                 runs it beside the others: http://127.0.0.1:${service.port}/docs
  node --test 'services/${name}/test/*.test.ts'  runs its tests
  make deploy                                puts it on the cluster

What it is for is yours to say: the table in services/${name}/migrations, the routes in services/${name}/src/routes, the README.
To let the gateway call it, add '${name}' to the gateway's upstreams in packages/shop/src/services.ts, a route for ${path} to
services/gateway/src/public-routes.ts, and both ends of the edge to the two values.yaml; a test names what is missing.
`)

import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { removePostgresData } from '@hello/postgres/server'
import { isPortTaken } from '@hello/processes/ports'
import { findProcess, memoryTaken } from '@hello/processes/process-info'
import { type ServiceName, services } from '@hello/shop/services'
import { checkout } from '../processes/checkout.ts'
import { labPort } from '../shop/designed-ports.ts'
import { stackFolder } from '../shop/shop-stack.ts'
import { type Shop, startShop } from '../shop/start-shop.ts'
import { prefix, readableLine } from './log-line.ts'
import { paint } from './paint.ts'
import { printAddresses } from './print-addresses.ts'
import {
  createRunFile,
  endLeftovers,
  isLauncherRunning,
  type RunFile,
  readRunFile,
  removeRunFile,
  updateRunFile,
} from './run-file.ts'
import { takenPorts } from './taken-ports.ts'

const help = `Runs the whole shop on this machine: PostgreSQL, the services, and the Signals page that shows what they do.

Usage: node local/launcher/main.ts [options]

  --port-offset N  add N to every port, to run beside another shop (default 0)
  --data DIR       keep the data in DIR (default .local in the checkout)
  --stack          also run Prometheus, Alertmanager, Loki, Jaeger and Grafana, as far as they are in .tools or on PATH
  --faults-page    the Signals page sets and heals faults (whoever reaches it may)
  --healer         also run the healer, which acts on the alerts of --stack: only in words, unless HEALER_DRY_RUN=false
  --sign-in        customers sign in, by whatever name they give; whoever is called staff may change products and stock
  --no-signals     no traces, no metrics, no Signals page
  --reset          empty the data and end
  --help           show this

Ctrl-C stops everything; a second Ctrl-C at once.
Exit codes: 0 stopped as asked, 1 could not start, 2 unusable options.`

const say = (text: string) => console.log(text)
const launcherSays = (text: string) => say(`${prefix('local')} ${text}`)

class CannotStart extends Error {}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        'port-offset': { type: 'string', default: '0' },
        data: { type: 'string', default: join(checkout, '.local') },
        stack: { type: 'boolean', default: false },
        'faults-page': { type: 'boolean', default: false },
        healer: { type: 'boolean', default: false },
        'sign-in': { type: 'boolean', default: false },
        'no-signals': { type: 'boolean', default: false },
        reset: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const portOffset = Number(values['port-offset'])
    if (!Number.isInteger(portOffset) || portOffset < 0 || portOffset > 10_000) {
      throw new Error('--port-offset takes a whole number from 0 to 10000')
    }
    if (values.healer && !values.stack) throw new Error('--healer needs --stack, whose alerts it acts on')
    return {
      portOffset,
      dataDir: resolve(values.data),
      signals: !values['no-signals'],
      faultsPage: values['faults-page'],
      signIn: values['sign-in'],
      ...values,
    }
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`)
    process.exit(2)
  }
}

/** Refuses while a launcher runs on this data, and ends what one that was killed has left behind. */
async function takeOver(dataDir: string) {
  const other = await readRunFile(dataDir)
  if (!other) return
  if (isLauncherRunning(other)) {
    throw new CannotStart(
      `The shop already runs here: process ${other.pid}, ${other.frontend}. Stop it with Ctrl-C in its terminal, or with: kill ${other.pid}`,
    )
  }
  await endLeftovers(dataDir, other, launcherSays)
  removeRunFile(dataDir)
}

async function run({
  portOffset,
  dataDir,
  signals,
  stack,
  healer,
  signIn,
  faultsPage,
}: ReturnType<typeof readOptions>) {
  const began = performance.now()
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
  const addressOf = (name: ServiceName) =>
    `http://127.0.0.1:${services.find((service) => service.name === name)!.port + portOffset}`
  const record: RunFile = {
    pid: process.pid,
    frontend: `http://localhost:${3001 + portOffset}`,
    shelves: { product: addressOf('product'), inventory: addressOf('inventory') },
    labPort: labPort + portOffset,
    processes: {},
  }

  await mkdir(dataDir, { recursive: true })
  await takeOver(dataDir)
  const taken = await takenPorts(portOffset, { signals, stack, healer, signIn })
  if (taken.length > 0) {
    throw new CannotStart(`${taken.join('\n')}\nOr use other ports: make local PORT_OFFSET=1000`)
  }
  createRunFile(dataDir, record)

  let shop: Shop | undefined
  let stopping = false
  async function stop(why: string) {
    stopping = true
    launcherSays(`${why}: stopping`)
    await (shop ?? (await starting.catch(() => undefined)))?.stop()
    removeRunFile(dataDir)
    launcherSays('stopped')
    process.exit()
  }
  function stopAtOnce() {
    process.exitCode = 1
    for (const { pid } of Object.values(record.processes)) if (pid && findProcess(pid)) process.kill(pid, 'SIGKILL')
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => (stopping ? stopAtOnce() : void stop(signal)))
  }
  // A terminal that goes away sends more than one.
  process.on('SIGHUP', () => stopping || void stop('SIGHUP'))
  process.stdout.on('error', () => stopping || void stop('nobody reads the output'))

  let early: string[] | undefined = []
  function showEarly() {
    for (const line of early ?? []) say(line)
    early = undefined
  }
  async function show(name: string, line: string) {
    // A lab that is under way asks for the fault.
    if (line.includes('"fault":') && (await isPortTaken(record.labPort))) return
    const readable = readableLine(name, line)
    if (early) early.push(readable)
    else say(readable)
  }
  /** One after the other, so that no line passes one about which the port is asked. */
  let shown = Promise.resolve()
  const starting = startShop({
    dataDir,
    portOffset,
    signals,
    stack,
    healer,
    signIn,
    smallMemory: true,
    env: { FAULTS_PAGE: String(faultsPage) },
    onLine(name, line) {
      if (name === 'postgres' && (early || stopping)) return
      shown = shown.then(() => show(name, line))
    },
    onEvent: (text) => {
      showEarly()
      launcherSays(paint('yellow', text))
    },
    onProcess: (changed) => {
      const { name, state } = changed
      record.processes[name] = changed
      try {
        updateRunFile(dataDir, record)
      } catch (error) {
        launcherSays(`cannot write down what runs: ${(error as Error).message}`)
      }
      if (name === 'postgres' && state === 'running' && early)
        launcherSays(`${name.padEnd(9)} ready after ${seconds()}`)
    },
  })
  try {
    shop = await starting
    record.prometheus = shop.stackUrls.prometheus
    updateRunFile(dataDir, record)
    await shop.ready((name) => launcherSays(`${name.padEnd(9)} ready after ${seconds()}`))
  } catch (error) {
    if (stopping) return
    showEarly()
    await shop?.stop()
    removeRunFile(dataDir)
    throw new CannotStart((error as Error).message)
  }
  const megabytes = Math.round(memoryTaken(Object.values(record.processes).flatMap(({ pid }) => pid ?? [])) / 1e6)
  launcherSays(
    `ready after ${seconds()}; ${stack ? 'all of it takes' : 'the services and PostgreSQL take'} ${megabytes} MB`,
  )
  printAddresses(faultsPage, shop)
  showEarly()
  await import('../processes/compact-heap.ts')
}

async function reset({ dataDir }: ReturnType<typeof readOptions>) {
  await takeOver(dataDir)
  await removePostgresData(join(dataDir, 'postgres'))
  await rm(stackFolder(dataDir), { recursive: true, force: true })
  say(`The shop's data in ${dataDir} is gone; the next start makes it anew.`)
}

const options = readOptions()
try {
  if (options.help) say(help)
  else await (options.reset ? reset(options) : run(options))
} catch (error) {
  const known = error instanceof CannotStart
  const { code, message } = error as NodeJS.ErrnoException
  if (!known && code !== 'EACCES' && code !== 'EPERM') throw error
  const advice = `${options.dataDir} belongs to another user: start as that user, or keep the data elsewhere with --data`
  console.error(styleText('red', known ? message : `${message}\n${advice}`, { stream: process.stderr }))
  process.exit(1)
}

import { writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { prefix, readableLine } from './log-line.ts'
import { isPortTaken, portHolder } from './port-holder.ts'
import { endLeftoverPostgres, removePostgresData } from './postgres.ts'
import { checkout, postgresPort, services, signalsPorts } from './processes.ts'
import { commandOf, isRunning, type RunFile, readRunFile } from './run-file.ts'
import { type Shop, startShop } from './shop.ts'

const help = `Runs the whole shop on this machine: PostgreSQL, five services, and the Signals page that shows what they do.

Usage: node local/main.ts [options]

  --port-offset N  add N to every port, to run beside another shop (default 0)
  --data DIR       keep the data in DIR (default .local in the checkout)
  --no-signals     no traces, no metrics, no Signals page
  --reset          empty the data and end
  --help           show this

Ctrl-C stops everything; a second Ctrl-C at once.
Exit codes: 0 stopped as asked, 1 could not start, 2 unusable options.`

const say = (text: string) => console.log(text)
const launcherSays = (text: string) => say(`${prefix('local')} ${text}`)
const bold = (text: string) => styleText('bold', text, { stream: process.stdout })

class CannotStart extends Error {}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        'port-offset': { type: 'string', default: '0' },
        data: { type: 'string', default: join(checkout, '.local') },
        'no-signals': { type: 'boolean', default: false },
        reset: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const portOffset = Number(values['port-offset'])
    if (!Number.isInteger(portOffset) || portOffset < 0 || portOffset > 10_000) {
      throw new Error('--port-offset takes a whole number from 0 to 10000')
    }
    return { portOffset, dataDir: resolve(values.data), signals: !values['no-signals'], ...values }
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`)
    process.exit(2)
  }
}

/** Refuses while a launcher runs on this data, and ends what one that was killed has left behind. */
async function takeOver(dataDir: string) {
  const other = await readRunFile(join(dataDir, 'run.json'))
  if (!other) return
  if (isRunning(other.pid) && (await commandOf(other.pid)).includes('local/main.ts')) {
    throw new CannotStart(
      `The shop already runs here: process ${other.pid}, ${other.frontend}. Stop it with Ctrl-C in its terminal, or with: kill ${other.pid}`,
    )
  }
  for (const [name, pid] of Object.entries(other.processes)) {
    if (name === 'postgres' || !isRunning(pid) || !(await commandOf(pid)).includes('server.ts')) continue
    launcherSays(`ending ${name} (process ${pid}), which an earlier run left behind`)
    process.kill(pid, 'SIGKILL')
  }
  await endLeftoverPostgres(join(dataDir, 'postgres'), launcherSays)
}

async function refuseTakenPorts(portOffset: number, signals: boolean) {
  const designed: [string, number][] = [
    ['postgres', postgresPort],
    ...services.flatMap(({ service, port, managementPort }): [string, number][] => [
      [service, port],
      [`${service} (management)`, managementPort],
    ]),
    ...(signals ? Object.values(signalsPorts).map((port): [string, number] => ['signals', port]) : []),
  ]
  const complaints: string[] = []
  for (const [name, base] of designed) {
    const port = base + portOffset
    if (!(await isPortTaken(port))) continue
    const holder = await portHolder(port)
    complaints.push(
      holder
        ? `Port ${port} (${name}) is taken by process ${holder.pid}: ${holder.command}. End it with: kill ${holder.pid}`
        : `Port ${port} (${name}) is taken by a process that this user may not see. Ask: sudo ss -ltnp 'sport = :${port}'`,
    )
  }
  if (complaints.length > 0) {
    throw new CannotStart(
      `${complaints.join('\n')}\nOr run beside it: node local/main.ts --port-offset 1000 --data .local/second`,
    )
  }
}

function printAddresses({ urls, databaseUrl }: Shop) {
  const { signals, otlp, frontend, ...apis } = urls
  const database = databaseUrl('order')
    .replace(/:[^:@/]+@/, ':***@')
    .replace(/\/order$/, '/{product,inventory,order}')
  const rows = [
    ['Shop', frontend],
    ...(signals ? [['Signals', `${frontend}/signals`]] : []),
    ...Object.entries(apis).map(([service, url]) => [service, `${url}/docs`]),
    ...(otlp ? [['OTLP', `${otlp} (gRPC)`]] : []),
    ['PostgreSQL', database],
  ]
  say('')
  for (const [name, address] of rows) say(`  ${bold(name!.padEnd(11))} ${address}`)
  say('\n  Ctrl-C stops everything. The data stays; make local-reset empties it.\n')
}

async function run({ portOffset, dataDir, signals }: ReturnType<typeof readOptions>) {
  const began = performance.now()
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`
  const runFile = join(dataDir, 'run.json')
  const record: RunFile = { pid: process.pid, frontend: `http://localhost:${3001 + portOffset}`, processes: {} }

  await mkdir(dataDir, { recursive: true })
  await takeOver(dataDir)
  await refuseTakenPorts(portOffset, signals)
  const write = () => writeFileSync(runFile, JSON.stringify(record))
  write()

  let shop: Shop | undefined
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) {
      for (const pid of Object.values(record.processes)) if (isRunning(pid)) process.kill(pid, 'SIGKILL')
      await rm(runFile, { force: true })
      process.exit(1)
    }
    stopping = true
    launcherSays(`${signal}: stopping`)
    await (shop ?? (await starting.catch(() => undefined)))?.stop()
    await rm(runFile, { force: true })
    launcherSays('stopped')
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal))

  const early: string[] = []
  let quiet = true
  const starting = startShop({
    dataDir,
    portOffset,
    signals,
    onLine: (name, line) => {
      if (name === 'postgres' && stopping) return
      const readable = readableLine(name, line)
      if (quiet) early.push(readable)
      else say(readable)
    },
    onEvent: (text) => launcherSays(styleText('yellow', text, { stream: process.stdout })),
    onProcess: (name, pid) => {
      record.processes[name] = pid
      write()
      if (name === 'postgres' && quiet) launcherSays(`postgres is ready after ${seconds()}`)
    },
  })
  try {
    shop = await starting
    await shop.ready((name) => launcherSays(`${name} is ready after ${seconds()}`))
  } catch (error) {
    for (const line of early) say(line)
    await shop?.stop()
    await rm(runFile, { force: true })
    throw new CannotStart((error as Error).message)
  }
  printAddresses(shop)
  quiet = false
  for (const line of early) say(line)
}

async function reset({ dataDir }: ReturnType<typeof readOptions>) {
  await takeOver(dataDir)
  await removePostgresData(join(dataDir, 'postgres'))
  await rm(join(dataDir, 'run.json'), { force: true })
  say(`The shop's data in ${dataDir} is gone; the next start makes it anew.`)
}

const options = readOptions()
try {
  if (options.help) say(help)
  else await (options.reset ? reset(options) : run(options))
} catch (error) {
  if (!(error instanceof CannotStart)) throw error
  console.error(styleText('red', error.message, { stream: process.stderr }))
  process.exit(1)
}

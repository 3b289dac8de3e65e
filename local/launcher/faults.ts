import { dirname, join, resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { flagsInCluster, KubectlFailed } from '@hello/cluster/kubectl-flags'
import { allFaults } from '@hello/faults/all-faults'
import { parseDuration } from '@hello/faults/duration'
import { activeFaults, type FlagStore, healFaults, keepFault } from '@hello/faults/flag-store'
import { flagsInFile } from '@hello/faults/flags-file'
import { BrokenFlags } from '@hello/faults/flags-format'
import { checkout } from '../processes/checkout.ts'
import { isLauncherRunning, readRunFile } from './run-file.ts'

const help = `Breaks the running shop on purpose, says what is broken, and mends it (docs/en/faults.md).

Usage: node local/launcher/faults.ts COMMAND [options]

  set NAME        keep a fault on until its time is over, Ctrl-C, or heal
    --ratio R     how strong, 0 to 1; by default what the fault is defined with
    --for TIME    how long at most: 90s, 10m, 1h (default 10m, at most 1h)
  list            the faults, and which are on
  heal [NAME...]  turn faults off, all unless named
  --file FILE     the flags (default .local/faults.json in the checkout)
  --context NAME  of kubectl: the shop in a cluster, instead of a file
  --help          show this

Exit codes: 0 done, 1 unusable command, 2 no fault of that name, 3 unusable file of flags, or no cluster.`

const longest = 3_600_000
const language = (process.env.LC_ALL ?? process.env.LANG ?? '').startsWith('ko') ? 'ko' : 'en'

class Unusable extends Error {}

function readCommand() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ratio: { type: 'string' },
      for: { type: 'string', default: '10m' },
      file: { type: 'string', default: join(checkout, '.local/faults.json') },
      context: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const ratio = values.ratio === undefined ? undefined : Number(values.ratio)
  if (ratio !== undefined && !(ratio > 0 && ratio <= 1)) throw new Unusable('--ratio takes a number above 0, at most 1')
  const forMs = parseDuration(values.for)
  if (!forMs || forMs > longest) throw new Unusable('--for takes a time such as 90s, 10m or 1h, at most 1h')
  const [command, ...names] = positionals
  const { context, help } = values
  const file = context ? undefined : resolve(values.file)
  const store: FlagStore = file ? flagsInFile(file) : flagsInCluster(context!)
  return { command, names, ratio, forMs, file, store, help }
}

const bold = (text: string) => styleText('bold', text, { stream: process.stdout })
const red = (text: string) => styleText('red', text, { stream: process.stdout })

function faultNamed(name: string | undefined) {
  const fault = allFaults.find((one) => one.name === name)
  if (fault) return fault
  console.error(
    `There is no fault ${name ? `"${name}"` : 'without a name'}; there are: ${allFaults.map((one) => one.name).join(', ')}`,
  )
  process.exit(2)
}

async function sayIfNothingRuns(folder: string) {
  const shop = await readRunFile(folder)
  if (!shop || !isLauncherRunning(shop)) console.log(`No shop runs on ${folder}, where one would heed it: make local`)
}

async function set({ names: [name, ...others], ratio, forMs, file, store }: ReturnType<typeof readCommand>) {
  if (others.length > 0) throw new Unusable('set takes one fault; run it once for each')
  const fault = faultNamed(name)
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  console.log(`${bold(fault.name)}: ${fault.does[language]}`)
  console.log(`On for ${forMs / 1000} s at most. Ctrl-C ends it, and so does: make heal`)
  if (file) await sayIfNothingRuns(dirname(file))
  const why = await keepFault(store, fault, { ratio, forMs, signal: stopping.signal })
  console.log({ over: 'Its time is over.', healed: 'It was healed.', aborted: 'Ended.' }[why])
}

async function list({ store }: ReturnType<typeof readCommand>) {
  const active = await activeFaults(store)
  const width = Math.max(...allFaults.map(({ name }) => name.length))
  for (const { name, does } of allFaults) {
    const on = active.find((one) => one.name === name)
    console.log(`${on ? red('on ') : '   '} ${bold(name.padEnd(width))}  ${does[language]}`)
  }
}

async function heal({ names, store }: ReturnType<typeof readCommand>) {
  const healed = await healFaults(store, names.length > 0 ? names.map((name) => faultNamed(name).name) : undefined)
  console.log(healed.length > 0 ? `Off: ${healed.join(', ')}` : 'Nothing is on.')
}

const commands = { set, list, heal }

try {
  const options = readCommand()
  const run = commands[options.command as keyof typeof commands]
  if (options.help) console.log(help)
  else if (run) await run(options)
  else throw new Unusable(options.command ? `There is no command ${options.command}` : 'Which command?')
} catch (error) {
  if (error instanceof BrokenFlags || error instanceof KubectlFailed) {
    console.error(error.message)
    process.exit(3)
  }
  const { code, message } = error as NodeJS.ErrnoException
  if (!(error instanceof Unusable) && !code?.startsWith('ERR_PARSE_ARGS')) throw error
  console.error(`${message}\n\n${help}`)
  process.exit(1)
}

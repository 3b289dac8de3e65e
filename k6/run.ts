import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import { kindConfig } from '../cluster/src/kind-cluster.ts'
import { type ProfileName, profiles } from './lib/profiles.ts'
import { html } from './report/html.ts'
import { createRunReader, makeReport } from './report/records.ts'
import { traceFinder } from './report/traces.ts'
import { verdict } from './report/verdict.ts'
import { runInCluster } from './run-in-cluster.ts'
import { runOnHost, takesSamples } from './run-on-host.ts'

const help = `Puts load on the shop and tells whether it keeps what it promises.

Usage: node k6/run.ts [PROFILE] [options]

  PROFILE          ${Object.keys(profiles).join(', ')}; default smoke
  --port-offset N  the shop of make local PORT_OFFSET=N
  --in-cluster     run k6 as a Job beside the shop of make up
  --cluster NAME   its kind cluster; default hello-observability
  --out DIR        where the report goes; default out
  --help           show this

Environment:
  GATEWAY_URL      the shop's gateway; default http://localhost:8080
  ALLOW_HOST       its host, where it is not this machine
  FRONTEND_URL     says where traces are kept; default http://localhost:3001
  PROMETHEUS_URL   gets the measurements where it takes some; default http://localhost:9090
  TIME_SCALE       0.1 makes ten minutes one
  RATE_SCALE       2 makes 60 visits a second 120

Writes PROFILE.html and PROFILE.json. Exit codes: 0 passed, 99 a promise was broken, 2 unusable options; any other, k6 says why
there is no result.`

/** @throws TypeError where they are unusable */
function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'port-offset': { type: 'string', default: '0' },
      'in-cluster': { type: 'boolean', default: false },
      cluster: { type: 'string', default: kindConfig.name },
      out: { type: 'string', default: join(import.meta.dirname, '../out') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const profile = positionals[0] ?? 'smoke'
  if (!(profile in profiles) || positionals.length > 1)
    throw new TypeError(`There is no profile ${positionals.join(' ')}; there are ${Object.keys(profiles).join(', ')}.`)
  const offset = Number(values['port-offset'])
  if (!Number.isInteger(offset)) throw new TypeError(`--port-offset is ${values['port-offset']}: give a whole number.`)
  return { ...values, profile: profile as ProfileName, offset }
}

/** Shows how far a run is: on a terminal in one line, else now and then. */
function showProgress() {
  const terminal = process.stdout.isTTY
  let lines = 0
  return {
    progress(text: string) {
      if (terminal) process.stdout.write(`\r\x1b[K${text}`)
      else if (lines++ % 10 === 0) process.stdout.write(`${text}\n`)
    },
    say: (text: string) => process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${text}\n`),
    end: () => terminal && process.stdout.write('\r\x1b[K'),
  }
}

/** What a run in the cluster is told of the environment. */
const scales = (): Record<string, string> =>
  Object.fromEntries(
    ['TIME_SCALE', 'RATE_SCALE'].flatMap((name) => {
      const value = process.env[name]
      return value ? [[name, value]] : []
    }),
  )

const takingSamples = async (prometheus: string) => ((await takesSamples(prometheus)) ? prometheus : undefined)

const paint = (passed: boolean, word: string) => styleText(passed ? 'green' : 'red', word, { stream: process.stdout })

async function main(): Promise<number> {
  const options = readOptions()
  if (options.help) {
    process.stdout.write(`${help}\n`)
    return 0
  }
  const { profile, offset, out } = options
  const at = (name: string, port: number) => process.env[name] || `http://localhost:${port + offset}`
  const ended = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort())

  const shown = showProgress()
  const reader = createRunReader(shown)
  const run = { profile, onLine: reader.read, signal: ended.signal }
  const code = options['in-cluster']
    ? await runInCluster({ ...run, cluster: options.cluster, env: scales() })
    : await runOnHost({
        ...run,
        env: { GATEWAY_URL: at('GATEWAY_URL', 8080) },
        prometheus: await takingSamples(at('PROMETHEUS_URL', 9090)),
      })
  shown.end()
  const summary = reader.summary()
  if (!summary || summary.slots.each.length === 0) return code || 1

  const report = await makeReport(summary, reader.requests, await traceFinder(at('FRONTEND_URL', 3001)))
  mkdirSync(out, { recursive: true })
  const file = (extension: string) => join(out, `${profile}.${extension}`)
  writeFileSync(file('json'), `${JSON.stringify(report, undefined, 1)}\n`)
  writeFileSync(file('html'), html(report))
  process.stdout.write(`${verdict(report, paint)}  ${relative(process.cwd(), file('html'))}\n`)
  if (code !== 0 && code !== 99) {
    process.stdout.write('It ended early: this is of the time until then.\n')
    return code
  }
  return report.passed ? 0 : 99
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = error instanceof TypeError ? 2 : 1
}

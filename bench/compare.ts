import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import type { Ratio } from './ratio.ts'

const help = `Runs the benches whose ratios are kept, prints each beside the committed one, and fails where one is more than 15 % worse.

Usage: make bench   or   node bench/compare.ts [--write] [NAME...]

  NAME     orders, gateway, telemetry, lists; default all, five minutes on a machine that does nothing else
  --write  keep the ratios of all benches in bench/results.json
  --help   show this

A ratio is of two sides measured in one run, so that the machine's speed is on both; those of another machine differ all the same.
`

/** The benches, and what is set for the one that measures more than is kept. */
const benches: Record<string, NodeJS.ProcessEnv> = {
  orders: {},
  gateway: {},
  telemetry: { SIDES: 'all 5 % and what fails,all 100 %' },
  lists: {},
}
const worst = 0.15
const file = new URL('results.json', import.meta.url)

interface Results {
  /** ISO 8601. */
  date: string
  machine: string
  ratios: Record<string, number>
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
const unknown = positionals.filter((name) => !(name in benches))
const mistake =
  unknown.length > 0
    ? `There is no bench ${unknown.join(', ')}.`
    : values.write && positionals.length > 0 && '--write keeps all or none, for they have one date and machine.'
if (mistake) {
  console.error(`${mistake}\n\n${help}`)
  process.exit(2)
}

const failed: string[] = []
async function run(name: string): Promise<Ratio[]> {
  const ratios: Ratio[] = []
  const bench = fork(new URL(`${name}.ts`, import.meta.url), { env: { ...process.env, ...benches[name] } })
  bench.on('message', (ratio) => ratios.push(ratio as Ratio))
  const [code] = await once(bench, 'exit')
  if (code !== 0) failed.push(name)
  return ratios
}

const kept: Results = JSON.parse(readFileSync(file, 'utf8'))
const measured: Ratio[] = []
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  console.log(`\nbench/${name}.ts`)
  measured.push(...(await run(name)))
}

/** By which share it is worse than what is kept; negative where it is better. */
function worseBy({ name, value, better }: Ratio): number | undefined {
  const before = kept.ratios[name]
  return before && (better === 'higher' ? 1 - value / before : value / before - 1)
}
const machine = `${cpus().length} x ${cpus()[0]!.model}, Node ${process.version}`
const width = Math.max(...measured.map(({ name }) => name.length))
console.log(`\n${'ratio'.padEnd(width)}     now    kept   change\n`)
for (const ratio of measured) {
  const worse = worseBy(ratio)
  const change = worse === undefined ? 'new' : `${(worse * 100).toFixed(0)} % ${worse > 0 ? 'worse' : 'better'}`
  console.log(
    `${ratio.name.padEnd(width)}${ratio.value.toFixed(2).padStart(8)}${(kept.ratios[ratio.name]?.toFixed(2) ?? '-').padStart(8)}   ${change}`,
  )
}
console.log(`\nkept on ${kept.date}: ${kept.machine}\nnow: ${machine}`)
if (failed.length > 0) {
  console.error(`Not measured to the end, for reasons above: ${failed.join(', ')}. Nothing is kept.`)
  process.exit(1)
}
if (values.write) {
  const ratios = Object.fromEntries(measured.map(({ name, value }) => [name, Number(value.toFixed(3))]))
  const results: Results = { date: new Date().toISOString().slice(0, 10), machine, ratios }
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`)
} else if (measured.some((ratio) => (worseBy(ratio) ?? 0) > worst)) {
  console.error(
    `More than ${worst * 100} % worse. On a machine that does nothing else, look for the change that did it.`,
  )
  process.exit(1)
}

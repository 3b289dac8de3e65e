import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { allFaults } from '@hello/faults/all-faults'
import { median } from '@hello/test-support/statistics'
import { type Outcome, openLaboratory, triedAlone } from './laboratory.ts'

const help = `Tries faults on the real stack with the rules as shipped, and writes what was seen to docs/faults-report.md, each as soon as it is known.

Usage: make faults-report   or   node e2e/faults/report.ts [--beside N] [NAME...]

  NAME        faults to try, whose rows are replaced; default all, which takes hours
  --beside N  how many shops at a time (default 1: each has a stack of its own and takes 1.5 GB)
  --help      show this
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { beside: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } },
})
const unknown = positionals.filter((wanted) => !allFaults.some(({ name }) => name === wanted))
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no fault ${unknown.join(', ')}; make faults shows all.` : help)
  process.exit(values.help ? 0 : 2)
}

const file = join(import.meta.dirname, '../../docs/faults-report.md')
const columns = [
  'fault',
  'breaks',
  'alert that must fire',
  'fired after (s)',
  'pages',
  'others that may fire',
  'false alerts',
  'resolved after (s)',
  'orders',
  'tried on',
] as const
type Row = Record<(typeof columns)[number], string>

const none = '-'
const seconds = (value: number | undefined) => value?.toFixed(0) ?? none
const list = (names: string[]) => names.join(', ') || none
const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const today = new Date().toISOString().slice(0, 10)

const rowOf = ({ fault, firedAfter, resolvedAfter, pages, others, unexpected, orders }: Outcome): Row => ({
  fault: fault.name,
  breaks: fault.breaks,
  'alert that must fire': fault.fires[0]?.alert ?? none,
  'fired after (s)': seconds(firedAfter),
  pages: list(pages),
  'others that may fire': list(others),
  'false alerts': list(unexpected),
  'resolved after (s)': seconds(resolvedAfter),
  orders: String(orders),
  'tried on': `${today}, ${values.beside} at a time on ${availableParallelism()} cores`,
})

/** The lines of the table that is there, its head among them. */
const readRows = () =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map((text) => text.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
    .map((cells) => Object.fromEntries(columns.map((column, index) => [column, cells[index]])) as Row)

function medianUntilFired(rows: Row[], breaks: string): string {
  const all = rows.filter((row) => row.breaks === breaks && row['fired after (s)'] !== none)
  return all.length > 0 ? `${seconds(median(all.map((row) => Number(row['fired after (s)']))))} s` : none
}

/** Writes the table with this row in the place of the fault's that was there. */
function keep(row: Row) {
  const rows = [row, ...readRows().filter(({ fault }) => fault !== row.fault)]
  const known = allFaults.flatMap(({ name }) => rows.find(({ fault }) => fault === name) ?? [])
  const falsePages = known.flatMap((row) => row.pages.split(', ').filter((name) => row['false alerts'].includes(name)))
  const text = `# What each fault raised

Written by \`make faults-report\`, with the rules as shipped, on the real Prometheus, Alertmanager, Loki and Jaeger, each fault in a shop of its own. Seconds from the injection until the alert was at Alertmanager,
and from the cure until it was resolved; orders that were answered, of which none was lost.

${line(columns)}
${line(columns.map(() => '---'))}
${known.map((row) => line(columns.map((column) => row[column]))).join('\n')}

Median until firing: ${medianUntilFired(known, 'everything')} where everything is broken, ${medianUntilFired(known, 'part')} where a part is. False pages: ${list(falsePages.filter((name) => name !== none))}.
`
  writeFileSync(file, text)
}

const failures: string[] = []
async function tryOne(fault: (typeof allFaults)[number]) {
  const laboratory = await openLaboratory(1)
  try {
    const row = rowOf(await laboratory.try(fault))
    keep(row)
    console.log(line(columns.map((column) => row[column])))
  } catch (error) {
    failures.push(fault.name)
    console.log(`${fault.name}: ${(error as Error).message}`)
  } finally {
    await laboratory.close()
  }
}

const wanted = allFaults.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
const waiting = wanted.filter(({ name }) => name !== triedAlone)
async function tryOneAfterTheOther() {
  for (let fault = waiting.shift(); fault; fault = waiting.shift()) await tryOne(fault)
}
await Promise.all(Array.from({ length: Number(values.beside) }, tryOneAfterTheOther))
for (const fault of wanted.filter(({ name }) => name === triedAlone)) await tryOne(fault)
if (failures.length > 0) {
  console.error(`Not tried to the end: ${list(failures)}; make faults-report FAULT=NAME tries one again.`)
  process.exit(1)
}

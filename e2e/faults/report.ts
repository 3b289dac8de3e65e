import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { allFaults } from '@hello/faults/all-faults'
import { median } from '@hello/test-support/statistics'
import { type Outcome, openLaboratory } from './laboratory.ts'

const help = `Tries every fault on the real stack with the rules as shipped, and writes what was seen to docs/faults-report.md.

Usage: make faults-report   or   node e2e/faults/report.ts [--beside N] [NAME...]

  NAME        faults to try; default all, several minutes each
  --beside N  how many shops at a time (default 1: each has a stack of its own and takes 1.5 GB)
  --help      show this
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { beside: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
const wanted = allFaults.filter(({ name }) => positionals.length === 0 || positionals.includes(name))

const seconds = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(0))
const list = (names: string[]) => names.join(', ') || '-'

function row({ fault, firedAfter, resolvedAfter, pages, others, unexpected, orders }: Outcome): string {
  const [first] = fault.fires
  const cells = [fault.name, fault.breaks, first?.alert ?? '-', seconds(firedAfter), list(pages), list(others)]
  return `| ${[...cells, list(unexpected), seconds(resolvedAfter), orders].join(' | ')} |`
}

const outcomes: Outcome[] = []
const failures: string[] = []
const waiting = [...wanted]
async function tryOneAfterTheOther() {
  for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
    const laboratory = await openLaboratory(1)
    try {
      const outcome = await laboratory.try(fault)
      outcomes.push(outcome)
      console.log(row(outcome))
    } catch (error) {
      failures.push(`${fault.name}: ${(error as Error).message}`)
      console.log(failures.at(-1))
    } finally {
      await laboratory.close()
    }
  }
}
await Promise.all(Array.from({ length: Number(values.beside) }, tryOneAfterTheOther))

function medianUntilFired(breaks: string): string {
  const all = outcomes.flatMap(({ fault, firedAfter }) => (fault.breaks === breaks ? (firedAfter ?? []) : []))
  return all.length > 0 ? `${seconds(median(all))} s` : '-'
}
const falsePages = outcomes.flatMap(({ pages, unexpected }) => pages.filter((name) => unexpected.includes(name)))
const text = `# What each fault raised

Written by \`make faults-report\` on ${new Date().toISOString().slice(0, 10)}, with the rules as shipped, on the real Prometheus, Alertmanager, Loki and Jaeger, ${values.beside} shops at a time on ${availableParallelism()}
cores. Seconds from the injection until the alert was at Alertmanager, and from the cure until it was resolved; orders that were answered, of which none was lost.

| fault | breaks | alert that must fire | fired after (s) | pages | others that may fire | false alerts | resolved after (s) | orders |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${outcomes
  .toSorted((a, b) => a.fault.name.localeCompare(b.fault.name))
  .map(row)
  .join('\n')}

Median until firing: ${medianUntilFired('everything')} where everything is broken, ${medianUntilFired('part')} where a part is. False pages: ${list(falsePages)}. ${outcomes.length} faults; not tried to the end: ${list(failures)}.
`
if (positionals.length === 0) writeFileSync(join(import.meta.dirname, '../../docs/faults-report.md'), text)
else console.log(text)
process.exit(failures.length > 0 ? 1 : 0)

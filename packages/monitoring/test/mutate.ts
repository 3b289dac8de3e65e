/**
 * make mutate-rules: changes each threshold, window and wait of the rules by half and by double, and asks the scenarios of
 * promtool whether they see it. A change that no scenario sees, and that is not known to change nothing, fails the run. With
 * arguments, only the objectives whose names start with one of them are changed.
 */
import { objectives } from '../src/objectives.ts'
import { equivalent, type Mutant, mutants } from './mutants.ts'
import { promtool, rulesFor } from './promtool.ts'
import type { Scenario } from './scenario.ts'
import { scenarios } from './scenarios/all.ts'

/** How long promtool works on a scenario, roughly. */
const effort = ({ interval, expect }: Scenario) =>
  Math.max(...expect.map(({ at }) => at)) / (interval.endsWith('s') ? 1 : 4)

async function killer(mutant: Mutant): Promise<string | undefined> {
  const changed = scenarios
    .filter((scenario) => JSON.stringify(rulesFor(scenario, mutant.objectives)) !== JSON.stringify(rulesFor(scenario)))
    .toSorted((a, b) => effort(a) - effort(b))
  for (const scenario of changed) {
    const said = await promtool([scenario], mutant.objectives, false)
    // A limit of promtool's own is no scenario that sees it.
    if (said && !said.includes('too many samples')) return `${scenario.alert} ${scenario.title}`
  }
}

const startedAt = performance.now()
const survivors: string[] = []
const only = process.argv.slice(2)
const asked = mutants.filter(({ name }) => only.length === 0 || only.some((start) => name.startsWith(start)))
const waiting = [...asked]

async function work() {
  for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
    const killedBy = await killer(mutant)
    if (!killedBy) survivors.push(mutant.name)
    const why = killedBy ?? equivalent[mutant.name] ?? 'no scenario sees it'
    process.stdout.write(`${killedBy ? 'killed' : 'survived'} ${mutant.name}: ${why}\n`)
  }
}

const broken = await promtool(scenarios, objectives, false)
if (broken) {
  process.stderr.write(
    `A scenario fails without any change, and would count as one that sees them all: make test-artifacts\n${broken}\n`,
  )
  process.exit(1)
}
await Promise.all([work(), work()])
const took = ((performance.now() - startedAt) / 1000).toFixed(0)
process.stdout.write(
  `${asked.length} mutants: ${asked.length - survivors.length} killed, ${survivors.length} survived, in ${took} s\n`,
)
process.exitCode = survivors.every((name) => name in equivalent) ? 0 : 1

import assert from 'node:assert/strict'
import { type Answer, components, mechanisms } from '@hello/labs/answers'
import { gradeAnswer, isRight } from '@hello/labs/grade'
import { type IncidentLab, type Problem, problemsOf } from '@hello/labs/lab'
import { type LabRun, type LabShop, startLab } from '@hello/labs/lab-run'
import type { Signals } from '@hello/labs/signals'
import { answerOfAnExpert } from './expert.ts'

/** What looks like evidence and is from when the shop was well. */
async function healthyEvidence({ evidence }: Problem, run: LabRun, signals: Signals): Promise<string> {
  const { healthy } = run.periods()
  if (evidence.kind === 'promql') return 'up'
  if (evidence.kind === 'log') return (await signals.logs({ limit: 1 }, healthy))[0]!.msg
  return (await signals.traces({ limit: 1 }, healthy))[0]!.traceId
}

/** Queries that have rows since the incident began, and show nothing; two that Prometheus refuses or has nothing for. */
const uselessQueries = ({ periods }: LabRun) => [
  'vector(1)',
  `time() > ${periods().incident.from / 1000}`,
  'shop_fault_active > 0',
  'sum(pg_stat_activity_count) > 40',
  `process_start_time_seconds and on () (time() > ${periods().incident.from / 1000})`,
  'sum(',
  'no_such_metric > 0',
]

const otherThan = <Key extends string>(list: Record<Key, unknown>, right: readonly Key[]) =>
  (Object.keys(list) as Key[]).find((one) => !right.includes(one))!

async function solve(problem: Problem, run: LabRun, signals: Signals, missing: number) {
  const right = await answerOfAnExpert(problem, signals, () => run.periods().incident)
  const all = { component: true, mechanism: true, evidence: true }
  assert.deepEqual(await run.grade(right), missing > 0 ? { ...all, missing } : all)

  const { cause, evidence } = problem
  async function refused(answer: Answer, part: 'component' | 'mechanism' | 'evidence') {
    const { [part]: accepted } = await run.grade(answer)
    assert.equal(accepted, false, `${part} of ${JSON.stringify(answer)}`)
  }
  await refused({ ...right, component: otherThan(components, cause.components) }, 'component')
  await refused({ ...right, mechanism: otherThan(mechanisms, cause.mechanisms) }, 'mechanism')
  await refused({ component: '', mechanism: '', evidence: '' }, 'component')
  await refused({ ...right, evidence: await healthyEvidence(problem, run, signals) }, 'evidence')
  if (evidence.kind !== 'none') await refused({ ...right, evidence: '' }, 'evidence')
  if (evidence.kind === 'promql')
    for (const query of uselessQueries(run)) await refused({ ...right, evidence: query }, 'evidence')

  const { healthy } = run.periods()
  const notInjected = await gradeAnswer(problem, right, signals, { healthy, incident: healthy })
  const injects = !('fault' in problem.incident && problem.incident.fault === 'none')
  assert.equal(isRight(notInjected), !injects, 'a right answer where nothing was broken')
  return right
}

/**
 * Solves a lab as an expert does, and holds that wrong answers are refused, part by part, and that the shop is well at the end.
 *
 * @param wellFor for how long the lab leaves the shop well: enough for each customer to come by more than once, and for scrapes; milliseconds
 */
export async function solveLab(lab: IncidentLab, shop: LabShop, wellFor: number) {
  const run = await startLab(lab, shop, { wellFor })
  try {
    const answers: Answer[] = []
    const problems = problemsOf(lab)
    for (const [index, problem] of problems.entries())
      answers.push(await solve(problem, run, shop.signals, problems.length - 1 - index))
    const [one, other] = answers
    if (one && other) assert.equal((await run.grade({ ...one, evidence: other.evidence })).evidence, false)
  } finally {
    await run.end()
  }
}

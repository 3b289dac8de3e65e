import type { Text } from '@hello/faults/fault'
import type { LabGrade } from '@hello/shop/api/lab'
import type { Answer } from './answers.ts'
import { type Evidence, faultNamed, type Problem } from './lab.ts'
import { type Labels, type Prometheus, RefusedQuery } from './prometheus.ts'
import { isWithin, type Period, type Signals } from './signals.ts'

/** When a shop was well, and when it was not. */
export interface Periods {
  healthy: Period
  incident: Period
}

/** Of an answer, part by part; `why` says of the evidence what it lacks. */
export type Grade = LabGrade

const notThere: Text = {
  en: 'The incident is not in the telemetry: nothing can be found that is not there. Begin the lab anew.',
  ko: '사고가 텔레메트리에 없습니다. 없는 것은 찾을 수 없으니 실습을 다시 시작하십시오.',
}
const nothing: Text = { en: 'There is no evidence in your answer.', ko: '답에 증거가 없습니다.' }
const noTrace: Text = {
  en: 'There is no trace of this id: it has 32 letters and digits.',
  ko: '이 ID의 트레이스가 없습니다. 32자리 ID를 그대로 입력하십시오.',
}
const early: Text = {
  en: 'That is from before the incident.',
  ko: '사고가 나기 전의 것입니다.',
}
const healthyToo: Text = {
  en: 'It does not show the cause: it looks the same while the shop is well.',
  ko: '원인을 보여 주지 않습니다. 상점이 정상일 때도 똑같이 보입니다.',
}
const notShown: Text = {
  en: 'It is from the incident, and the cause cannot be seen in it: look for one in which it can.',
  ko: '사고 때의 것이지만 여기에는 원인이 보이지 않습니다. 원인이 보이는 것을 찾아보십시오.',
}
const noLine: Text = {
  en: 'No line since the incident began has this text.',
  ko: '사고가 시작된 뒤로 이 문자열이 있는 로그가 없습니다.',
}
const noRow: Text = {
  en: 'Your query has no rows since the incident began.',
  ko: '사고가 시작된 뒤로 이 쿼리의 결과가 없습니다.',
}
const notOfCause: Text = {
  en: 'Your query reads no metric that tells of the cause.',
  ko: '이 쿼리는 원인을 알려 주는 메트릭을 읽지 않습니다.',
}
const otherRows: Text = {
  en: 'Your query does not tell whom it is about: a row of it could be of others, with which nothing is wrong.',
  ko: '이 쿼리는 누구의 일인지 말해 주지 않습니다. 아무 문제가 없는 다른 것의 결과일 수도 있습니다.',
}

/** Whether what breaks the shop has left its mark, by the telemetry alone. */
export async function happened({ incident, evidence }: Problem, signals: Signals, during: Period): Promise<boolean> {
  if ('fault' in incident) {
    const { name, services } = faultNamed(incident.fault)
    return services.length === 0 || signals.hadFault(name, services, during)
  }
  if ('killed' in incident)
    return (await signals.processes!()).some(
      ({ name, lastExit }) => name === incident.killed && lastExit !== null && isWithin(lastExit.time, during),
    )
  return (await findEvidence(evidence, signals, during)) !== undefined
}

/** What an expert hands in: the newest result of the lab's search that shows the cause, as a learner would type it. */
export async function findEvidence(evidence: Evidence, signals: Signals, during: Period): Promise<string | undefined> {
  if (evidence.kind === 'none') return ''
  if (evidence.kind === 'log') {
    const lines = await signals.logs(evidence.search, during)
    return lines.some(evidence.shows) ? evidence.search.text : undefined
  }
  if (evidence.kind === 'promql') {
    const { query } = evidence.search
    return (await signals.prometheus!.rows(query, during)).length > 0 ? query : undefined
  }
  for (const { traceId } of await signals.traces({ ...evidence.search, limit: 20 }, during)) {
    const trace = await signals.trace(traceId)
    if (trace && evidence.shows(trace)) return traceId
  }
  return undefined
}

/** Whether a row of an answer can come of a series, by the labels that it has. */
const isOf = (row: Labels) => (series: Labels) => Object.entries(row).every(([label, value]) => series[label] === value)

/** As for `lackOf`. A row has to be of a series that tells of the cause, and of no other of the same name. */
async function lackOfQuery(
  shows: (series: Labels) => boolean,
  query: string,
  prometheus: Prometheus,
  { healthy, incident }: Periods,
): Promise<Text | undefined> {
  try {
    if ((await prometheus.rows(query, healthy)).length > 0) return healthyToo
    const rows = await prometheus.rows(query, incident)
    if (rows.length === 0) return noRow
    const read = await prometheus.read(query, incident)
    const telling = read.filter(shows)
    if (telling.length === 0) return notOfCause
    const names = new Set(telling.map(({ __name__: name }) => name))
    const others = read.filter((series) => names.has(series.__name__) && !shows(series))
    return rows.every((row) => telling.some(isOf(row)) && !others.some(isOf(row))) ? undefined : otherRows
  } catch (error) {
    if (error instanceof RefusedQuery) return { en: error.message, ko: error.message }
    throw error
  }
}

/** @returns what the evidence lacks; undefined where it shows the cause and nothing of before does */
async function lackOf(
  evidence: Evidence,
  handedIn: string,
  signals: Signals,
  { healthy, incident }: Periods,
): Promise<Text | undefined> {
  const asked = handedIn.trim()
  if (evidence.kind === 'none') return asked ? healthyToo : undefined
  if (!asked) return nothing
  if (evidence.kind === 'log') {
    if ((await signals.logs({ text: asked, limit: 1 }, healthy)).length > 0) return healthyToo
    const lines = await signals.logs({ text: asked, limit: 1000 }, incident)
    if (lines.length === 0) return noLine
    return lines.some(evidence.shows) ? undefined : notShown
  }
  if (evidence.kind === 'promql') return lackOfQuery(evidence.shows, asked, signals.prometheus!, { healthy, incident })
  const trace = await signals.trace(asked)
  if (!trace) return noTrace
  if (trace.summary.start / 1000 < incident.from) return early
  return evidence.shows(trace) ? undefined : notShown
}

/**
 * Grades an answer by what the shop itself has told since the incident began. Where the incident is not in the telemetry, no
 * answer is right.
 */
export async function gradeAnswer(
  problem: Problem,
  answer: Answer,
  signals: Signals,
  periods: Periods,
): Promise<Grade> {
  if (!(await happened(problem, signals, periods.incident)))
    return { component: false, mechanism: false, evidence: false, why: notThere }
  const { cause, evidence } = problem
  const lack = await lackOf(evidence, answer.evidence, signals, periods)
  return {
    component: cause.components.some((one) => one === answer.component),
    mechanism: cause.mechanisms.some((one) => one === answer.mechanism),
    evidence: lack === undefined,
    ...(lack && { why: lack }),
  }
}

/** How many of the three parts are right. */
export const partsRight = ({ component, mechanism, evidence }: Grade): number =>
  [component, mechanism, evidence].filter(Boolean).length

export const isRight = (grade: Grade): boolean => partsRight(grade) === 3

/** What a lab is worth, what a hint and a wrong answer cost. */
export const fullMarks = 100
export const costs = { hint: 15, wrong: 10 }

/** @returns points of 100; a lab that was solved is worth 10 at least */
export const pointsFor = ({ hints, wrong }: { hints: number; wrong: number }): number =>
  Math.max(10, fullMarks - hints * costs.hint - wrong * costs.wrong)

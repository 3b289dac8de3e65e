import type { Options, Threshold } from 'k6/options'
import { outcomes, routes } from './names.ts'
import { type Profile, type ProfileName, type Slots, slotsOf, visitsOf } from './profiles.ts'
import { type Promised, promises } from './promises.ts'

type Thresholds = Record<string, Threshold[]>

/** Always true: k6 sums up by itself, for the end of a run, only those parts of a metric that have a threshold. */
const sumUp = (metric: string, tags: string, expression: string): Thresholds => ({
  [`${metric}{${tags}}`]: [expression],
})

const bounds = ({ limitMs, percentile, failures }: Promised) => ({
  answer_time: `${percentile}<=${limitMs}`,
  failed: `rate<=${failures}`,
})

function ofObjective(promised: Promised, judged: boolean): Thresholds {
  const tags = `objective:${promised.group}`
  if (!judged) return { ...sumUp('answer_time', tags, 'max>=0'), ...sumUp('failed', tags, 'rate>=0') }
  const { answer_time, failed } = bounds(promised)
  return { [`answer_time{${tags}}`]: [answer_time], [`failed{${tags}}`]: [failed] }
}

/** In seconds: k6 counts from before setup, which takes a few. */
const beforeFirst = 10

/** Held against the promise, and ending the run, only where the rate is sought at which it breaks; a slot is judged when it is over. */
function ofSlot(promised: Promised, slot: number, { seconds }: Slots, judged: boolean): Thresholds {
  const tags = `objective:${promised.group},slot:${slot}`
  if (!judged) return { ...sumUp('answer_time', tags, 'max>=0'), ...sumUp('failed', tags, 'rate>=0') }
  const { answer_time, failed } = bounds(promised)
  const end = { abortOnFail: true, delayAbortEval: `${beforeFirst + (slot + 1) * seconds}s` }
  return {
    [`answer_time{${tags}}`]: [{ threshold: answer_time, ...end }],
    [`failed{${tags}}`]: [{ threshold: failed, ...end }],
  }
}

const together = (parts: Thresholds[]): Thresholds => Object.assign({}, ...parts)

function thresholdsOf(profile: Profile): Thresholds {
  const { judgedBy, ramp } = profile
  const slots = slotsOf(profile)
  const numbers = Array.from({ length: slots.count }, (_, slot) => slot)
  return {
    ...together(promises.flatMap((one) => numbers.map((slot) => ofSlot(one, slot, slots, judgedBy === 'slots')))),
    ...together(promises.map((one) => ofObjective(one, judgedBy === 'promises'))),
    ...together(Object.keys(routes).map((route) => sumUp('http_req_duration', `name:${route}`, 'max>=0'))),
    ...together(outcomes.map((outcome) => sumUp('orders', `outcome:${outcome}`, 'count>=0'))),
    checks: ['rate==1'],
    books_balance: ['rate==1'],
    // Where k6 itself came too late for one visit in a hundred, it has not put on the load that the profile names.
    ...(ramp && judgedBy === 'promises' && { dropped_iterations: [`count<=${Math.ceil(visitsOf(ramp) / 100)}`] }),
  }
}

/** All that k6 is told about a run of a profile. */
export const optionsOf = (name: ProfileName, profile: Profile): Options => ({
  scenarios: { [name]: profile.scenario },
  thresholds: thresholdsOf(profile),
  summaryTrendStats: [
    'count',
    'med',
    'p(95)',
    ...new Set(['p(99)', ...promises.map(({ percentile }) => percentile)]),
    'max',
  ],
  // Both look at the shop patiently, for it may just have crashed.
  setupTimeout: '2m',
  teardownTimeout: '10m',
})

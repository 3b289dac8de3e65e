import type { Scenario } from 'k6/options'

/** Visits a second by the time in seconds, straight in between. */
export type Ramp = [second: number, rate: number][]

export interface Profile {
  /**
   * What decides whether a run has passed, besides its answers and the books: the promises over all of it; nothing more; or, until
   * one is broken, the promises within each slot.
   */
  judgedBy: 'promises' | 'books' | 'slots'
  scenario: Scenario
  seconds: number
  /** Undefined where visitors come again when they were answered. */
  ramp?: Ramp
}

/** 0.1 of the time makes ten minutes one; twice the rate makes 60 visitors a second 120. */
export interface Scales {
  time: number
  rate: number
}

const minutes = 60

/**
 * An open model: visitors come at their rate whether or not earlier ones were answered, as people do; a slow shop does not get
 * less load (https://grafana.com/docs/k6/latest/using-k6/scenarios/concepts/open-vs-closed/).
 *
 * @param start visits a second at first
 * @param stages to which rate it goes, within how many seconds
 */
const open =
  (judgedBy: Profile['judgedBy'], start: number, ...stages: [target: number, seconds: number][]) =>
  ({ time, rate }: Scales): Profile => {
    const perSecond = (visits: number) => Math.round(visits * rate)
    const scaled = stages.map(([target, seconds]) => ({
      target: perSecond(target),
      seconds: Math.max(1, Math.round(seconds * time)),
    }))
    const ramp: Ramp = [[0, perSecond(start)]]
    for (const { target, seconds } of scaled) ramp.push([ramp.at(-1)![0] + seconds, target])
    const highest = Math.max(1, ...ramp.map(([, visits]) => visits))
    return {
      judgedBy,
      ramp,
      seconds: ramp.at(-1)![0],
      scenario: {
        executor: 'ramping-arrival-rate',
        startRate: perSecond(start),
        timeUnit: '1s',
        stages: scaled.map(({ target, seconds }) => ({ target, duration: `${seconds}s` })),
        // A visitor more takes k6 some milliseconds, which a busy machine does not have. Who waits for four seconds' visitors waits for a shop
        // that is far too slow.
        preAllocatedVUs: Math.min(300, Math.max(10, highest)),
        maxVUs: Math.min(2000, Math.max(100, highest * 4)),
      },
    }
  }

/** How many buy at the same time, how often they do, all together, and how many units there are for them. */
export const raceOf = ({ rate }: Scales) => {
  const buyers = Math.max(2, Math.round(100 * rate))
  return { buyers, attempts: 9 * buyers, units: 6 * buyers }
}

export const profiles = {
  /** Does it work at all? */
  smoke: open('promises', 2, [2, 30]),
  /** A busy day: does it keep what it promises? */
  load: open('promises', 1, [60, 1 * minutes], [60, 5 * minutes], [0, 30]),
  /** Beyond a busy day, step by step: what gives way first, and does it come back? */
  stress: open(
    'promises',
    60,
    [60, 1 * minutes],
    [120, 30],
    [120, 2 * minutes],
    [240, 30],
    [240, 2 * minutes],
    [20, 30],
    [20, 1 * minutes],
  ),
  /** A newsletter went out: is a sudden crowd served, and the quiet after it? */
  spike: open('promises', 10, [10, 30], [300, 10], [300, 1 * minutes], [10, 10], [10, 1 * minutes]),
  /** A whole shift: does anything leak? */
  soak: open('promises', 30, [30, 60 * minutes]),
  /** Ever more: at which rate does an objective break? */
  breakpoint: open('slots', 10, [1200, 20 * minutes]),
  /** Everybody wants the same product, of which there is too little: is it sold exactly once? */
  race: (scales: Scales): Profile => ({
    judgedBy: 'books',
    seconds: 1 * minutes,
    scenario: {
      executor: 'shared-iterations',
      vus: raceOf(scales).buyers,
      iterations: raceOf(scales).attempts,
      maxDuration: '10m', // of a shop that is busy with something else
    },
  }),
  /** What load-test.py of the demo that this one grew out of did: ten people for five minutes. */
  original: ({ time, rate }: Scales): Profile => {
    const seconds = Math.max(1, Math.round(5 * minutes * time))
    return {
      judgedBy: 'promises',
      seconds,
      scenario: { executor: 'constant-vus', vus: Math.max(1, Math.round(10 * rate)), duration: `${seconds}s` },
    }
  },
} satisfies Record<string, (scales: Scales) => Profile>

export type ProfileName = keyof typeof profiles

/** The parts of a run that its pictures show and its breaking point is told by. */
export interface Slots {
  count: number
  seconds: number
}

/** At most forty: each is a few series of k6. */
export const slotsOf = ({ seconds }: Profile): Slots => {
  const each = Math.max(1, Math.ceil(seconds / 40))
  return { seconds: each, count: Math.ceil(seconds / each) }
}

/** Visits a second that are asked for at a time, in seconds since the start. */
export function rateAt(ramp: Ramp, second: number): number {
  const next = ramp.findIndex(([time]) => time >= second)
  if (next <= 0) return next === 0 ? ramp[0]![1] : ramp.at(-1)![1]
  const [[start, from], [end, to]] = [ramp[next - 1]!, ramp[next]!]
  return from + ((to - from) * (second - start)) / (end - start)
}

/** All visits that are asked for. */
export const visitsOf = (ramp: Ramp): number =>
  ramp.slice(1).reduce((sum, [end, to], index) => {
    const [start, from] = ramp[index]!
    return sum + ((from + to) / 2) * (end - start)
  }, 0)

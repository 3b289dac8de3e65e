import type { Scenario } from 'k6/options'

/**
 * The shapes of load, by name. All are open models: requests arrive at their rate whether or not earlier ones were answered,
 * as people do; a slow shop does not get less load (https://grafana.com/docs/k6/latest/using-k6/scenarios/concepts/open-vs-closed/).
 * One iteration is one visit of lib/visit.ts, 1.6 requests on average.
 */
const minutes = 60

/** TIME_SCALE=0.1 makes a profile of ten minutes last one. */
const scale = Number(__ENV.TIME_SCALE ?? 1)

const duration = (seconds: number): string => `${Math.max(1, Math.round(seconds * scale))}s`

const ramp = (startRate: number, ...stages: [target: number, seconds: number][]): Scenario => ({
  executor: 'ramping-arrival-rate',
  startRate,
  timeUnit: '1s',
  preAllocatedVUs: 50,
  maxVUs: 1000,
  stages: stages.map(([target, seconds]) => ({ target, duration: duration(seconds) })),
})

const steady = (rate: number, seconds: number): Scenario => ({
  executor: 'constant-arrival-rate',
  rate,
  timeUnit: '1s',
  duration: duration(seconds),
  preAllocatedVUs: 20,
  maxVUs: 1000,
})

export const profiles = {
  /** Does it work at all? */
  smoke: steady(2, 30),
  /** A busy day: is it within its limits? */
  load: ramp(1, [60, 1 * minutes], [60, 5 * minutes], [0, 30]),
  /** Beyond a busy day, step by step: what gives way first, and does it come back? */
  stress: ramp(
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
  spike: ramp(10, [10, 30], [300, 10], [300, 1 * minutes], [10, 10], [10, 1 * minutes]),
  /** A whole shift: does anything leak? */
  soak: steady(30, 60 * minutes),
  /** Ever more until a threshold is crossed: how much can it take? */
  breakpoint: ramp(10, [1200, 20 * minutes]),
} satisfies Record<string, Scenario>

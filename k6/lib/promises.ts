import { objectives } from '../../packages/monitoring/src/objectives.ts'

/** A group of routes with an objective of its own. */
export type Group = keyof typeof objectives.latencySeconds

export interface Promised {
  group: Group
  /** Fast enough, in milliseconds. */
  limitMs: number
  /** Which share may be slower: k6's name for the percentile that has to be within the limit. */
  percentile: string
  /** The share that may fail. */
  failures: number
}

/** What a run is held against: the objectives that the alerts are made of. */
export const promises: Promised[] = (Object.keys(objectives.latencySeconds) as Group[]).map((group) => ({
  group,
  limitMs: objectives.latencySeconds[group] * 1000,
  percentile: `p(${100 - objectives.budgets.latency * 100})`,
  failures: objectives.budgets.availability,
}))

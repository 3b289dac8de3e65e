import { durationOf, secondsOf } from '../src/durations.ts'
import { type Objectives, objectives } from '../src/objectives.ts'

/** The objectives with one number or duration at half or twice its value. */
export interface Mutant {
  /** Where, and from what to what. */
  name: string
  objectives: Objectives
}

function scaled(value: number | string, by: number): number | string {
  return typeof value === 'number' ? value * by : durationOf(secondsOf(value) * by)
}

/** Every number and duration of the objectives, and where it stands. */
export function leaves(value: unknown, path: string[] = []): { path: string[]; value: number | string }[] {
  if (typeof value === 'number' || typeof value === 'string') return [{ path, value }]
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, [...path, key]))
}

function replaced(path: string[], value: unknown): Objectives {
  const copy = structuredClone(objectives)
  const last = path.at(-1)!
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key] as never, copy as Record<string, unknown>)
  parent[last] = value
  return copy
}

/** Each threshold, window and wait of the objectives, by half and by double. */
export const mutants: Mutant[] = leaves(objectives).flatMap(({ path, value }) =>
  [0.5, 2].map((by) => {
    const other = scaled(value, by)
    return { name: `${path.join('.')} ${value} -> ${other}`, objectives: replaced(path, other) }
  }),
)

const once = "how often a rule is evaluated is its group's, and promtool has all in one"
const ratio = 'there are as many more or fewer of both of the sums of which it is a share'
const overlap = 'the windows overlap so far that the least of them is the same'

/** Mutants that no series can tell from the rules as they are, and why. */
export const equivalent: Record<string, string> = {
  'invariant.products 1 -> 0.5': 'it is compared with a number of products, which is whole',
  'recording.long.from 1d -> 43200s': once,
  'recording.long.from 1d -> 172800s': once,
  'recording.long.interval 2m -> 60s': once,
  'recording.long.interval 2m -> 240s': once,
  'recording.budget.step 1m -> 30s': ratio,
  'recording.budget.step 1m -> 120s': ratio,
  'ordersStalled.step 1m -> 30s': overlap,
  'ordersStalled.step 1m -> 120s': overlap,
}

import { readdirSync, readFileSync } from 'node:fs'

/** What a process and its descendants have taken since they started. */
export interface Consumption {
  /** User and system time, in microseconds. */
  cpu: number
  /** How often a thread has given the processor up and was woken again (`voluntary_ctxt_switches`). */
  wakeUps: number
  /** Calls of read and write and their kin (`syscr` and `syscw`); PostgreSQL's recv and send are not among them. */
  calls: number
}

const ticksPerSecond = 100

const read = (path: string) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it has ended meanwhile
  }
}

const field = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)

/** The threads of a process, as folders. */
function tasks(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((id) => `/proc/${pid}/task/${id}`)
  } catch {
    return []
  }
}

/**
 * Adds up proc(5) of a process.
 *
 * @param withDescendants whether of all that it started too, also those that have ended; else of itself alone
 */
export function consumptionOf(pid: number, withDescendants: boolean): Consumption {
  // Fields 14 to 17: its own user and system time, and those of the children that it has waited for.
  const times =
    read(`/proc/${pid}/stat`)
      .split(') ')[1]
      ?.split(' ')
      .slice(11, withDescendants ? 15 : 13) ?? []
  const threads = tasks(pid)
  const io = read(`/proc/${pid}/io`)
  const sum: Consumption = {
    cpu: (times.reduce((total, ticks) => total + Number(ticks), 0) * 1_000_000) / ticksPerSecond,
    wakeUps: threads.reduce((total, task) => total + field(read(`${task}/status`), 'voluntary_ctxt_switches'), 0),
    calls: field(io, 'syscr') + field(io, 'syscw'),
  }
  if (!withDescendants) return sum
  const children = threads.flatMap((task) => read(`${task}/children`).split(' ').filter(Boolean).map(Number))
  for (const child of children) {
    const more = consumptionOf(child, true)
    sum.cpu += more.cpu
    sum.wakeUps += more.wakeUps
    sum.calls += more.calls
  }
  return sum
}

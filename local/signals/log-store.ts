import { type LogLine, type LogList, type LogQuery, levels } from '@hello/signals-api/log'

export interface LogLimits {
  maxLines: number
  /** Most bytes of all lines together. */
  maxBytes: number
  /** Most characters of one line; the rest is cut. */
  maxLineLength: number
}

export type LogFilter = Omit<LogQuery, 'limit' | 'minutes'>

interface Entry extends Omit<LogLine, 'fields'> {
  raw: string
}

function parseObject(raw: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(raw)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : null)

function toEntry(sequence: number, service: string, line: string, maxLength: number): Entry {
  const fields = parseObject(line)
  const raw = line.slice(0, maxLength)
  const time = Date.parse(String(fields?.time))
  return {
    sequence,
    time: Number.isNaN(time) ? Date.now() : time,
    level: levels.find((level) => level === fields?.level) ?? 'unknown',
    service,
    msg: fields ? String(fields.msg ?? '').slice(0, maxLength) : raw,
    traceId: text(fields?.trace_id),
    spanId: text(fields?.span_id),
    orderId: text(fields?.order_id),
    raw,
  }
}

const ownMembers = new Set(['level', 'time', 'service', 'msg', 'trace_id', 'span_id', 'trace_flags'])

function toLine({ raw, ...entry }: Entry): LogLine {
  const fields = Object.entries(parseObject(raw) ?? {}).filter(([name]) => !ownMembers.has(name))
  return { ...entry, fields: Object.fromEntries(fields) }
}

/** The log lines that came last, bounded by lines and by bytes, indexed by trace id. */
export function createLogStore(limits: LogLimits) {
  const entries = new Map<number, Entry>()
  const byTrace = new Map<string, Entry[]>()
  const totals = { bytes: 0, evictedLines: 0 }
  let sequence = 0
  let oldest = 1
  const bytesOf = (entry: Entry) => 300 + entry.raw.length + entry.msg.length

  function evictOldest() {
    const entry = entries.get(oldest)!
    entries.delete(oldest)
    oldest += 1
    totals.bytes -= bytesOf(entry)
    totals.evictedLines += 1
    if (entry.traceId === null) return
    // The oldest line of all is the oldest of its trace.
    const ofTrace = byTrace.get(entry.traceId)!
    ofTrace.shift()
    if (ofTrace.length === 0) byTrace.delete(entry.traceId)
  }

  const tracesOf = (orderId: string) =>
    new Set([...entries.values()].filter((entry) => entry.orderId === orderId).map(({ traceId }) => traceId))

  function matches(entry: Entry, filter: LogFilter, orderTraces: Set<string | null>): boolean {
    if (filter.service && entry.service !== filter.service) return false
    if (filter.level && levels.indexOf(entry.level) < levels.indexOf(filter.level)) return false
    if (entry.time < (filter.from ?? 0) || entry.time > (filter.to ?? Number.POSITIVE_INFINITY)) return false
    if (filter.traceId && entry.traceId !== filter.traceId) return false
    if (filter.orderId && entry.orderId !== filter.orderId && !(entry.traceId && orderTraces.has(entry.traceId)))
      return false
    return !filter.text || entry.raw.toLowerCase().includes(filter.text.toLowerCase())
  }

  return {
    /** Takes one line of a service's stdout; any text will do. */
    add(service: string, line: string) {
      sequence += 1
      const entry = toEntry(sequence, service, line, limits.maxLineLength)
      entries.set(sequence, entry)
      totals.bytes += bytesOf(entry)
      if (entry.traceId !== null) {
        const ofTrace = byTrace.get(entry.traceId)
        if (ofTrace) ofTrace.push(entry)
        else byTrace.set(entry.traceId, [entry])
      }
      while (entries.size > limits.maxLines || totals.bytes > limits.maxBytes) evictOldest()
    },

    /** The lines that match, the newest first. `matched` counts them before the limit. */
    list(filter: LogFilter, limit: number): LogList {
      const candidates = filter.traceId ? (byTrace.get(filter.traceId) ?? []) : [...entries.values()]
      const orderTraces = filter.orderId ? tracesOf(filter.orderId) : new Set<string | null>()
      const found = candidates.filter((entry) => matches(entry, filter, orderTraces))
      return { lines: found.slice(-limit).reverse().map(toLine), matched: found.length }
    },

    /** What is kept and what was let go. */
    stats() {
      return { lines: entries.size, ...totals }
    },
  }
}

export type LogStore = ReturnType<typeof createLogStore>

import type { LogLine, LogList, LogQuery } from '@hello/signals-api/log'
import type { SeriesAnswer } from '@hello/signals-api/metric'
import type { ProcessState } from '@hello/signals-api/process'
import type { TraceDetail, TraceList, TraceQuery, TraceSummary } from '@hello/signals-api/trace'
import { askForJson } from './ask.ts'
import { type Prometheus, prometheusAt } from './prometheus.ts'

/** From and to, in milliseconds since 1970. */
export interface Period {
  from: number
  to: number
}

/** What labs ask of traces; the fields mean what they mean on the Signals page, wherever the shop runs. */
export type TraceSearch = Partial<
  Pick<TraceQuery, 'service' | 'status' | 'minDuration' | 'caller' | 'callee' | 'text' | 'limit'>
>
/** What labs ask of log lines. */
export type LogSearch = Partial<Pick<LogQuery, 'service' | 'text' | 'limit'>>

/** What a shop tells of itself. */
export interface Signals {
  /** Undefined where there is no such trace, or the text is no trace id. */
  trace(traceId: string): Promise<TraceDetail | undefined>
  /** The newest first. */
  traces(search: TraceSearch, during: Period): Promise<TraceSummary[]>
  /** The newest first. */
  logs(search: LogSearch, during: Period): Promise<LogLine[]>
  /** Whether one of the services told that a fault was on. */
  hadFault(name: string, services: readonly string[], during: Period): Promise<boolean>
  /** The processes of the shop, where something watches over them that tells. */
  processes?: () => Promise<ProcessState[]>
  /** Where there is one. */
  prometheus: Prometheus | undefined
}

export const isWithin = (time: number, { from, to }: Period) => time >= from && time <= to

/**
 * What the Signals page knows of a shop of `make local`, by its own API, and what Prometheus does.
 *
 * @param frontend base URL of the page
 * @param prometheus its base URL, where it runs
 */
export function signalsOf(frontend: string, prometheus?: string): Signals {
  function get<Shape>(path: string, query: object = {}): Promise<Shape | undefined> {
    const url = new URL(`/signals/api${path}`, frontend)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    return askForJson<Shape>(url)
  }
  return {
    trace: (traceId: string) => get<TraceDetail>(`/traces/${encodeURIComponent(traceId)}`),
    traces: async (search, { from, to }) => (await get<TraceList>('/traces', { ...search, from, to }))?.traces ?? [],
    logs: async (search, { from, to }) => (await get<LogList>('/logs', { ...search, from, to }))?.lines ?? [],
    async hadFault(fault, services, during) {
      const name = 'shop_fault_active'
      const all = await Promise.all(services.map((service) => get<SeriesAnswer>('/series', { service, name })))
      return all
        .flatMap((series) => series ?? [])
        .some(
          ({ labels, points }) =>
            labels.fault === fault && points.some(({ time, value }) => Number(value) > 0 && isWithin(time, during)),
        )
    },
    processes: async () => (await get<ProcessState[]>('/processes')) ?? [],
    prometheus: prometheus === undefined ? undefined : prometheusAt(prometheus),
  }
}

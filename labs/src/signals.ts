import type { LogList, LogQuery } from '@hello/signals-api/log'
import type { SeriesAnswer } from '@hello/signals-api/metric'
import type { ProcessState } from '@hello/signals-api/process'
import type { TraceDetail, TraceList, TraceQuery } from '@hello/signals-api/trace'
import { prometheusAt } from './prometheus.ts'

/** From and to, in milliseconds since 1970. */
export interface Period {
  from: number
  to: number
}

/**
 * What the Signals page knows of a shop, by its own API, and what Prometheus does.
 *
 * @param frontend base URL of the page
 * @param prometheus its base URL, where it runs
 */
export function signalsOf(frontend: string, prometheus?: string) {
  async function get<Shape>(path: string, query: object = {}): Promise<Shape | undefined> {
    const url = new URL(`/signals/api${path}`, frontend)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    if (response.ok) return (await response.json()) as Shape
    const text = await response.text()
    if (response.status === 404 || response.status === 400) return undefined
    throw new Error(`GET ${url} answered ${response.status}: ${text}`)
  }
  return {
    /** Undefined where there is no such trace, or the text is no trace id. */
    trace: (traceId: string) => get<TraceDetail>(`/traces/${encodeURIComponent(traceId)}`),
    traces: async (query: Partial<TraceQuery>, { from, to }: Period) =>
      (await get<TraceList>('/traces', { ...query, from, to }))?.traces ?? [],
    logs: async (query: Partial<LogQuery>, { from, to }: Period) =>
      (await get<LogList>('/logs', { ...query, from, to }))?.lines ?? [],
    series: async (service: string, name: string) => (await get<SeriesAnswer>('/series', { service, name })) ?? [],
    processes: async () => (await get<ProcessState[]>('/processes')) ?? [],
    /** Undefined without the stack. */
    prometheus: prometheus === undefined ? undefined : prometheusAt(prometheus),
  }
}

export type Signals = ReturnType<typeof signalsOf>

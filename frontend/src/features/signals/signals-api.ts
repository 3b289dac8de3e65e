import type { LogList, LogQuery } from '@hello/signals-api/log'
import type { MetricsAnswer } from '@hello/signals-api/metric'
import type { ProcessState } from '@hello/signals-api/process'
import type { ServiceMap, ServiceState } from '@hello/signals-api/service'
import type { TraceDetail, TraceList, TraceQuery } from '@hello/signals-api/trace'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ApiError, type Problem } from '../../shared/api-error.ts'

type Query = Record<string, string | number | null | undefined>

/**
 * Asks the page's own server.
 *
 * @throws {ApiError} for any answer but 2xx, and with status 0 when none arrived
 */
export async function ask<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new ApiError(0, {}, { cause })
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw new ApiError(response.status, { problem: (body ?? {}) as Problem })
  return body as T
}

const options = <T>(path: string, query: Query = {}) => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return queryOptions({
    queryKey: ['signals', path, query],
    queryFn: ({ signal }) => ask<T>(`/signals/api/${path}${search && `?${search}`}`, { signal }),
  })
}

/** Keeps what is shown until the answer to other filters is there. */
const listOptions = <T>(path: string, query: Query = {}) => ({
  ...options<T>(path, query),
  placeholderData: keepPreviousData<T>,
})

/** What a control holds for a parameter; null and empty ask for nothing. */
type Chosen<Parameters> = { [Name in keyof Parameters]?: string | number | null }

export const listTraces = (query: Chosen<TraceQuery>) => listOptions<TraceList>('traces', query)
export const getTrace = (traceId: string) => options<TraceDetail>(`traces/${encodeURIComponent(traceId)}`)
export const listLogs = (query: Chosen<LogQuery>) => listOptions<LogList>('logs', { ...query, limit: 200 })
export const getMetrics = (minutes: number) => listOptions<MetricsAnswer>('metrics', { minutes })
export const getMap = (minutes: number) => listOptions<ServiceMap>('map', { minutes })
export const listServices = () => listOptions<ServiceState[]>('services')
export const listProcesses = () => options<ProcessState[]>('processes')

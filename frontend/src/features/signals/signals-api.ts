import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { ApiError, type Problem } from '../../shared/api-error.ts'

/** What the local signals API answers; its OpenAPI document says more. Times of traces in µs since the epoch, others in ms. */
export type TraceSummary = {
  traceId: string
  /** Whether the root span has arrived. */
  hasRoot: boolean
  service: string
  /** Null while neither the root span nor a SERVER span has arrived. */
  name: string | null
  route: string | null
  statusCode: number | null
  start: number
  duration: number
  spanCount: number
  errorCount: number
  orphanCount: number
  services: { service: string; spanCount: number; errorCount: number }[]
  orderIds: string[]
}

export type AttributeValue = string | number | boolean | string[]
export type Attributes = Record<string, AttributeValue>

export type Span = {
  traceId: string
  spanId: string
  parentSpanId: string | null
  service: string
  scope: string
  name: string
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  start: number
  duration: number
  status: 'unset' | 'ok' | 'error'
  statusMessage: string
  failed: boolean
  attributes: Attributes
  events: { name: string; time: number; attributes: Attributes }[]
  links: { traceId: string; spanId: string; attributes: Attributes }[]
}

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type Level = (typeof levels)[number] | 'unknown'

export type LogLine = {
  sequence: number
  time: number
  level: Level
  service: string
  msg: string
  traceId: string | null
  spanId: string | null
  orderId: string | null
  fields: Record<string, unknown>
}

export type RedPoint = {
  time: number
  /** Null while the service told nothing. */
  rate: number | null
  /** Answers with 4xx a second. */
  refused: number | null
  /** Answers with 5xx a second. */
  errors: number | null
  p50: number | null
  p95: number | null
  p99: number | null
}
export type Exemplar = { time: number; value: number; traceId: string; labels: Record<string, string> }
export type ServiceChart = {
  chart:
    | 'orders'
    | 'sales'
    | 'revenue'
    | 'pendingOrders'
    | 'pendingAge'
    | 'stock'
    | 'stockProblems'
    | 'pool'
    | 'breakers'
  unit: 'count' | 'perSecond' | 'dollarsPerSecond' | 'seconds' | 'breaker'
  /** Values at the times of the points. */
  series: { key: string; values: (number | null)[] }[]
}
export type ServiceMetrics = { service: string; points: RedPoint[]; exemplars: Exemplar[]; charts: ServiceChart[] }

export type MapNode = {
  name: string
  kind: 'service' | 'database' | 'external'
  rate: number
  errorRate: number
  p95: number | null
}
export type MapEdge = { source: string; target: string; rate: number; errorRate: number; p95: number | null }

export type ServiceState = {
  service: string
  /** Whether it answered the last time; null for what is not asked, as a browser. */
  up: boolean | null
  error: string | null
  /** When it answered last. */
  answered: number | null
  routes: string[]
}

export type ProcessState = {
  name: string
  state: 'starting' | 'running' | 'waiting' | 'stopped'
  pid: number | null
  restarts: number
  lastExit: { time: number; code: number | null; signal: string | null; error: string | null } | null
  nextStart: number | null
}

type Query = Record<string, string | number | null | undefined>

async function ask<T>(path: string, query: Query, signal: AbortSignal): Promise<T> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  let response: Response
  try {
    response = await fetch(`/signals/api/${path}${search && `?${search}`}`, { signal })
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new ApiError(0, {}, { cause })
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw new ApiError(response.status, { problem: (body ?? {}) as Problem })
  return body as T
}

const options = <T>(path: string, query: Query = {}) =>
  queryOptions({
    queryKey: ['signals', path, query],
    queryFn: ({ signal }) => ask<T>(path, query, signal),
  })

/** Keeps what is shown until the answer to other filters is there. */
const listOptions = <T>(path: string, query: Query = {}) => ({
  ...options<T>(path, query),
  placeholderData: keepPreviousData<T>,
})

export type TraceQuery = {
  service?: string | null
  route?: string | null
  status?: string | null
  /** Milliseconds. */
  minDuration?: string | null
  orderId?: string | null
  text?: string | null
  minutes?: string | null
  /** Milliseconds since the epoch. */
  from?: string | number | null
  to?: string | number | null
  caller?: string | null
  callee?: string | null
  sort?: string | null
  direction?: string | null
}
export type LogQuery = {
  service?: string | null
  level?: string | null
  traceId?: string | null
  orderId?: string | null
  text?: string | null
}

export const listTraces = (query: TraceQuery) =>
  listOptions<{ traces: TraceSummary[]; matched: number }>('traces', query)
export const getTrace = (traceId: string) =>
  options<{ summary: TraceSummary; spans: Span[]; logs: LogLine[] }>(`traces/${encodeURIComponent(traceId)}`)
export const listLogs = (query: LogQuery) =>
  listOptions<{ lines: LogLine[]; matched: number }>('logs', { ...query, limit: 200 })
export const getMetrics = (minutes: number) =>
  listOptions<{ step: number; window: number; services: ServiceMetrics[] }>('metrics', { minutes })
export const getMap = (minutes: number) => listOptions<{ nodes: MapNode[]; edges: MapEdge[] }>('map', { minutes })
export const listServices = () => listOptions<ServiceState[]>('services')
export const listProcesses = () => options<ProcessState[]>('processes')

import { Type } from 'typebox'
import { levels } from './log-store.ts'
import { chartNames, units } from './service-charts.ts'
import { newestFirst, traceColumns, traceStates } from './trace-filter.ts'

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

const TraceId = Type.String({ pattern: '^[0-9a-f]{32}$' })
const SpanId = Type.String({ pattern: '^[0-9a-f]{16}$' })
const Microseconds = (description: string) => Type.Number({ description: `${description}, microseconds` })
const Milliseconds = (description: string) => Type.Number({ description: `${description}, milliseconds` })
const StartTime = Type.Number({ description: 'microseconds since the epoch' })
const Time = Type.Number({ description: 'milliseconds since the epoch' })
const PerSecond = (description: string) => Type.Number({ description: `${description} a second` })

const Attributes = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())]),
)

const Text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))
const Limit = Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'most entries of the answer' })

export const TraceParams = Type.Object({ traceId: TraceId })
export const TraceQuery = Type.Object({
  service: Text('a service that has a span in the trace'),
  route: Text('a route template of a SERVER span, of `service` when that is given'),
  status: Type.Optional(
    Type.Enum(traceStates, {
      description: 'refused: a 4xx and no failure; incomplete: the root span or the parent of a span is not here',
    }),
  ),
  minDuration: Type.Optional(Type.Integer({ minimum: 0, description: 'milliseconds' })),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440, description: 'how far to look back' })),
  from: Type.Optional(Type.Integer({ minimum: 0, description: 'ended at the earliest; milliseconds since the epoch' })),
  to: Type.Optional(Type.Integer({ minimum: 0, description: 'started at the latest; milliseconds since the epoch' })),
  caller: Text('a service with a call to `callee`, as the service map draws it'),
  callee: Text('a service, database or address with a call from `caller`'),
  sort: Type.Enum(traceColumns, { default: newestFirst.by }),
  direction: Type.Enum(['ascending', 'descending'], { default: 'descending' }),
  orderId: Text('the attribute order.id of a span'),
  text: Text('found in span names, attribute values and events'),
  limit: Limit,
})

export const TraceSummary = Type.Object({
  traceId: TraceId,
  hasRoot: Type.Boolean({ description: 'whether the root span is here; it may arrive later than others, or never' }),
  service: Type.String({
    description: 'of the root span; without one, of the first SERVER span, or else of the first span',
  }),
  name: nullable(
    Type.String({
      description: 'of the root span, or of the first SERVER span behind a proxy; null while neither is here',
    }),
  ),
  route: nullable(Type.String()),
  statusCode: nullable(Type.Integer()),
  start: StartTime,
  duration: Microseconds('first start to last end'),
  spanCount: Type.Integer(),
  errorCount: Type.Integer({ description: 'failed spans; a 4xx is no failure' }),
  orphanCount: Type.Integer({ description: 'spans whose parent is lost or has not arrived yet' }),
  services: Type.Array(Type.Object({ service: Type.String(), spanCount: Type.Integer(), errorCount: Type.Integer() })),
  orderIds: Type.Array(Type.String()),
})

export const Span = Type.Object({
  traceId: TraceId,
  spanId: SpanId,
  parentSpanId: nullable(SpanId),
  service: Type.String(),
  scope: Type.String({ description: 'the instrumentation that made the span' }),
  name: Type.String(),
  kind: Type.Enum(['internal', 'server', 'client', 'producer', 'consumer']),
  start: StartTime,
  duration: Microseconds('start to end'),
  status: Type.Enum(['unset', 'ok', 'error']),
  statusMessage: Type.String(),
  failed: Type.Boolean({ description: 'the status is error, and not for a 4xx that a client got' }),
  attributes: Attributes,
  events: Type.Array(Type.Object({ name: Type.String(), time: StartTime, attributes: Attributes })),
  links: Type.Array(Type.Object({ traceId: Type.String(), spanId: Type.String(), attributes: Attributes })),
})

export const LogLine = Type.Object({
  sequence: Type.Integer({ description: 'counts the lines of all services' }),
  time: Time,
  level: Type.Enum(levels),
  service: Type.String(),
  msg: Type.String(),
  traceId: nullable(Type.String()),
  spanId: nullable(Type.String()),
  orderId: nullable(Type.String()),
  fields: Type.Record(Type.String(), Type.Unknown(), { description: 'the other members of the line' }),
})

export const LogQuery = Type.Object({
  service: Text('the service that wrote the line'),
  level: Type.Optional(Type.Enum(levels, { description: 'this level, graver ones, and lines without a level' })),
  traceId: Type.Optional(TraceId),
  orderId: Text('the field order_id of the line, or of another line of its trace'),
  text: Text('found anywhere in the line'),
  limit: Limit,
})

export const TraceList = Type.Object({
  traces: Type.Array(TraceSummary),
  matched: Type.Integer({ description: 'traces that match, before the limit' }),
})
export const TraceDetail = Type.Object({
  summary: TraceSummary,
  spans: Type.Array(Span),
  logs: Type.Array(LogLine, { description: 'the lines that carry the trace id, the oldest first' }),
})
export const LogList = Type.Object({
  lines: Type.Array(LogLine, { description: 'the newest first' }),
  matched: Type.Integer({ description: 'lines that match, before the limit' }),
})

export const RangeQuery = Type.Object({
  minutes: Type.Integer({ minimum: 1, maximum: 15, default: 15, description: 'how far to look back' }),
})

const Exemplar = Type.Object({
  time: Time,
  value: Milliseconds('the duration of that one request'),
  traceId: Type.String(),
  labels: Type.Record(Type.String(), Type.String()),
})
export const ServiceMetrics = Type.Object({
  service: Type.String(),
  points: Type.Array(
    Type.Object({
      time: Time,
      rate: nullable(PerSecond('requests; null while the service told nothing,')),
      refused: nullable(PerSecond('answers with 4xx')),
      errors: nullable(PerSecond('answers with 5xx')),
      p50: nullable(Milliseconds('median duration')),
      p95: nullable(Milliseconds('95th percentile')),
      p99: nullable(Milliseconds('99th percentile')),
    }),
  ),
  exemplars: Type.Array(Exemplar),
  charts: Type.Array(
    Type.Object({
      chart: Type.Enum(chartNames),
      unit: Type.Enum(units, { description: 'breaker: 0 closed, 1 half-open, 2 open' }),
      series: Type.Array(
        Type.Object({
          key: Type.String({ description: 'the label that tells the series of a chart apart' }),
          values: Type.Array(nullable(Type.Number()), { description: 'at the times of the points' }),
        }),
      ),
    }),
  ),
})
export const MetricsAnswer = Type.Object({
  step: Milliseconds('between two points'),
  window: Milliseconds('that a point looks back'),
  services: Type.Array(ServiceMetrics),
})

export const SeriesQuery = Type.Object({ service: Type.String(), name: Type.String({ minLength: 1, maxLength: 200 }) })
export const SeriesAnswer = Type.Array(
  Type.Object({
    name: Type.String(),
    labels: Type.Record(Type.String(), Type.String()),
    points: Type.Array(Type.Object({ time: Time, value: nullable(Type.Number()) }), {
      description: 'where the value changed; null is a value that JSON cannot carry',
    }),
  }),
)

const MapFigures = {
  rate: PerSecond('calls'),
  errorRate: PerSecond('failed calls'),
  p95: nullable(Microseconds('95th percentile')),
}
export const MapAnswer = Type.Object({
  nodes: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: Type.Enum(['service', 'database', 'external']),
      ...MapFigures,
    }),
  ),
  edges: Type.Array(Type.Object({ source: Type.String(), target: Type.String(), ...MapFigures })),
})

export const ServiceList = Type.Array(
  Type.Object({
    service: Type.String(),
    up: nullable(Type.Boolean({ description: 'whether the last scrape worked; null for what is not scraped' })),
    error: nullable(Type.String({ description: 'why the last scrape failed' })),
    answered: nullable(Type.Number({ description: 'when a scrape worked last, milliseconds since the epoch' })),
    metrics: Type.Array(Type.String(), { description: 'names of its series' }),
    routes: Type.Array(Type.String(), { description: 'route templates of its SERVER spans' }),
  }),
)

export const ProcessList = Type.Array(
  Type.Object({
    name: Type.String(),
    state: Type.Enum(['starting', 'running', 'waiting', 'stopped'], {
      description: 'waiting: it ended by itself and is started again at nextStart',
    }),
    pid: nullable(Type.Integer()),
    restarts: Type.Integer({ description: 'how often it was started again' }),
    lastExit: nullable(
      Type.Object(
        {
          time: Time,
          code: nullable(Type.Integer()),
          signal: nullable(Type.String()),
          error: nullable(Type.String({ description: 'why it could not be started' })),
        },
        { description: 'how it ended the last time by itself' },
      ),
    ),
    nextStart: nullable(Time),
  }),
)

export const Stats = Type.Object({
  traces: Type.Object({
    traces: Type.Integer(),
    spans: Type.Integer(),
    bytes: Type.Integer({ description: 'estimated' }),
    evictedTraces: Type.Integer({ description: 'let go for newer ones' }),
    droppedSpans: Type.Integer({ description: 'of a trace that is too large, or sent twice' }),
    refusedRequests: Type.Integer({ description: 'exports that were not OTLP or had too much in them' }),
    rejectedSpans: Type.Integer({ description: 'without ids, a name, or plausible times' }),
    droppedParts: Type.Integer({ description: 'attributes, events and links that were not valid, of spans that were' }),
  }),
  logs: Type.Object({ lines: Type.Integer(), bytes: Type.Integer(), evictedLines: Type.Integer() }),
  metrics: Type.Object({ series: Type.Integer(), droppedSamples: Type.Integer() }),
})

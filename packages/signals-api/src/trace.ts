import { type Static, Type } from 'typebox'
import { Limit, Microseconds, nullable, StartTime, Text, TraceId } from './fields.ts'
import { LogLine } from './log.ts'
import { JudgedSpan } from './span.ts'

const TraceState = Type.Enum(['ok', 'refused', 'error', 'incomplete'], {
  description: 'refused: a 4xx and no failure; incomplete: the root span or the parent of a span is not here',
})
const TraceColumn = Type.Enum(['start', 'duration', 'spans', 'status', 'service', 'name', 'route'], {
  default: 'start',
})
export type TraceColumn = Static<typeof TraceColumn>

export const TraceParams = Type.Object({ traceId: TraceId })

export const TraceQuery = Type.Object({
  service: Text('a service that has a span in the trace'),
  route: Text('a route template of a SERVER span, of `service` when that is given'),
  status: Type.Optional(TraceState),
  minDuration: Type.Optional(Type.Integer({ minimum: 0, description: 'milliseconds' })),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440, description: 'how far to look back' })),
  from: Type.Optional(Type.Integer({ minimum: 0, description: 'ended at the earliest; milliseconds since the epoch' })),
  to: Type.Optional(Type.Integer({ minimum: 0, description: 'started at the latest; milliseconds since the epoch' })),
  caller: Text('a service with a call to `callee`, as the service map draws it'),
  callee: Text('a service, database or address with a call from `caller`'),
  sort: TraceColumn,
  direction: Type.Enum(['ascending', 'descending'], { default: 'descending' }),
  orderId: Text('the attribute order.id of a span'),
  text: Text('found in span names, attribute values and events'),
  limit: Limit,
})
export type TraceQuery = Static<typeof TraceQuery>

const TraceSummary = Type.Object({
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
export type TraceSummary = Static<typeof TraceSummary>

export const TraceList = Type.Object({
  traces: Type.Array(TraceSummary),
  matched: Type.Integer({ description: 'traces that match, before the limit' }),
})
export type TraceList = Static<typeof TraceList>

export const TraceDetail = Type.Object({
  summary: TraceSummary,
  spans: Type.Array(JudgedSpan),
  logs: Type.Array(LogLine, { description: 'the lines that carry the trace id, the oldest first' }),
})
export type TraceDetail = Static<typeof TraceDetail>

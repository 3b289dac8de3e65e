import { type Static, Type } from 'typebox'
import { Microseconds, nullable, SpanId, StartTime, TraceId } from './fields.ts'

const AttributeValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Array(Type.String())])
export type AttributeValue = Static<typeof AttributeValue>

const Attributes = Type.Record(Type.String(), AttributeValue)
export type Attributes = Static<typeof Attributes>

const SpanEvent = Type.Object({ name: Type.String(), time: StartTime, attributes: Attributes })
export type SpanEvent = Static<typeof SpanEvent>

const SpanLink = Type.Object({ traceId: Type.String(), spanId: Type.String(), attributes: Attributes })
export type SpanLink = Static<typeof SpanLink>

const received = {
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
  attributes: Attributes,
  events: Type.Array(SpanEvent),
  links: Type.Array(SpanLink),
}

/** A span as it arrived. */
const Span = Type.Object(received)
export type Span = Static<typeof Span>

/** A span as it is shown. */
export const JudgedSpan = Type.Object({
  ...received,
  failed: Type.Boolean({ description: 'the status is error, and not for a 4xx that a client got' }),
})
export type JudgedSpan = Static<typeof JudgedSpan>

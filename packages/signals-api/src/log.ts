import { type Static, Type } from 'typebox'
import { Limit, nullable, Text, Time, TraceId } from './fields.ts'

/** From the least grave to what has no level. */
export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'unknown'] as const
export type Level = (typeof levels)[number]

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
export type LogLine = Static<typeof LogLine>

export const LogQuery = Type.Object({
  service: Text('the service that wrote the line'),
  level: Type.Optional(Type.Enum(levels, { description: 'this level, graver ones, and lines without a level' })),
  traceId: Type.Optional(TraceId),
  orderId: Text('the field order_id of the line, or of another line of its trace'),
  text: Text('found anywhere in the line'),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440, description: 'how far to look back' })),
  from: Type.Optional(
    Type.Integer({ minimum: 0, description: 'written at the earliest; milliseconds since the epoch' }),
  ),
  to: Type.Optional(Type.Integer({ minimum: 0, description: 'written at the latest; milliseconds since the epoch' })),
  limit: Limit,
})
export type LogQuery = Static<typeof LogQuery>

export const LogList = Type.Object({
  lines: Type.Array(LogLine, { description: 'the newest first' }),
  matched: Type.Integer({ description: 'lines that match, before the limit' }),
})
export type LogList = Static<typeof LogList>

import { Type } from 'typebox'

export const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

export const TraceId = Type.String({ pattern: '^[0-9a-f]{32}$' })
export const SpanId = Type.String({ pattern: '^[0-9a-f]{16}$' })

export const Time = Type.Number({ description: 'milliseconds since the epoch' })
export const StartTime = Type.Number({ description: 'microseconds since the epoch' })
export const Milliseconds = (description: string) => Type.Number({ description: `${description}, milliseconds` })
export const Microseconds = (description: string) => Type.Number({ description: `${description}, microseconds` })
export const PerSecond = (description: string) => Type.Number({ description: `${description} a second` })

/** What a list can be filtered by. */
export const Text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }))
export const Limit = Type.Integer({
  minimum: 1,
  maximum: 1000,
  default: 100,
  description: 'most entries of the answer',
})
export const RangeQuery = Type.Object({
  minutes: Type.Integer({ minimum: 1, maximum: 15, default: 15, description: 'how far to look back' }),
})

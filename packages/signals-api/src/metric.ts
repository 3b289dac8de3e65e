import { type Static, Type } from 'typebox'
import { Milliseconds, nullable, PerSecond, Time } from './fields.ts'

const RedPoint = Type.Object({
  time: Time,
  rate: nullable(PerSecond('requests; null while the service told nothing,')),
  refused: nullable(PerSecond('answers with 4xx')),
  errors: nullable(PerSecond('answers with 5xx')),
  p50: nullable(Milliseconds('median duration')),
  p95: nullable(Milliseconds('95th percentile')),
  p99: nullable(Milliseconds('99th percentile')),
})
export type RedPoint = Static<typeof RedPoint>

const Exemplar = Type.Object({
  time: Time,
  value: Milliseconds('the duration of that one request'),
  traceId: Type.String(),
  labels: Type.Record(Type.String(), Type.String()),
})
export type Exemplar = Static<typeof Exemplar>

const ServiceChart = Type.Object({
  chart: Type.Enum([
    'orders',
    'sales',
    'revenue',
    'pendingOrders',
    'pendingAge',
    'stock',
    'stockProblems',
    'pool',
    'breakers',
  ]),
  unit: Type.Enum(['count', 'perSecond', 'dollarsPerSecond', 'seconds', 'breaker'], {
    description: 'breaker: 0 closed, 1 half-open, 2 open',
  }),
  series: Type.Array(
    Type.Object({
      key: Type.String({ description: 'the label that tells the series of a chart apart' }),
      values: Type.Array(nullable(Type.Number()), { description: 'at the times of the points' }),
    }),
  ),
})
export type ServiceChart = Static<typeof ServiceChart>

const ServiceMetrics = Type.Object({
  service: Type.String(),
  points: Type.Array(RedPoint),
  exemplars: Type.Array(Exemplar),
  charts: Type.Array(ServiceChart),
})
export type ServiceMetrics = Static<typeof ServiceMetrics>

export const MetricsAnswer = Type.Object({
  step: Milliseconds('between two points'),
  window: Milliseconds('that a point looks back'),
  services: Type.Array(ServiceMetrics),
})
export type MetricsAnswer = Static<typeof MetricsAnswer>

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
export type SeriesAnswer = Static<typeof SeriesAnswer>

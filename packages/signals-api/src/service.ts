import { type Static, Type } from 'typebox'
import { Microseconds, nullable, PerSecond } from './fields.ts'

const figures = {
  rate: PerSecond('calls'),
  errorRate: PerSecond('failed calls'),
  p95: nullable(Microseconds('95th percentile')),
}

const MapNode = Type.Object({
  name: Type.String(),
  kind: Type.Enum(['service', 'database', 'external']),
  ...figures,
})
export type MapNode = Static<typeof MapNode>

const MapEdge = Type.Object({ source: Type.String(), target: Type.String(), ...figures })
export type MapEdge = Static<typeof MapEdge>

export const ServiceMap = Type.Object({ nodes: Type.Array(MapNode), edges: Type.Array(MapEdge) })
export type ServiceMap = Static<typeof ServiceMap>

const ServiceState = Type.Object({
  service: Type.String(),
  up: nullable(Type.Boolean({ description: 'whether the last scrape worked; null for what is not scraped' })),
  error: nullable(Type.String({ description: 'why the last scrape failed' })),
  answered: nullable(Type.Number({ description: 'when a scrape worked last, milliseconds since the epoch' })),
  metrics: Type.Array(Type.String(), { description: 'names of its series' }),
  routes: Type.Array(Type.String(), { description: 'route templates of its SERVER spans' }),
})
export type ServiceState = Static<typeof ServiceState>

export const ServiceList = Type.Array(ServiceState)

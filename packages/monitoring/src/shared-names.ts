/**
 * Every name that dashboards and alerts share: what the shop's series, lines and traces are labelled with, and the ids by which
 * Grafana's objects find each other.
 */
export const namespace = 'shop'

/** The service through which every call of a browser enters. */
export const entryService = 'gateway'

export const datasources = {
  prometheus: { type: 'prometheus', uid: 'prometheus' },
  loki: { type: 'loki', uid: 'loki' },
  jaeger: { type: 'jaeger', uid: 'jaeger' },
} as const

export const dashboards = { microservices: { uid: 'microservices', title: 'Microservices Dashboard' } } as const

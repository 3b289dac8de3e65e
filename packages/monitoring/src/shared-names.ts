import { services as all } from '@hello/shop/services'

/**
 * Every name that dashboards and alerts share: what the shop's series, lines and traces are labelled with, and the ids by which
 * Grafana's objects find each other.
 */
export const namespace = 'shop'

/** The shop's services, the entrance first, as in the label `app` of series and log lines and in `service.name` of traces. */
export const services = all.map(({ name }) => name).toReversed()

/** The service through which every call of a browser enters. */
export const entryService = 'gateway'

export const datasources = {
  prometheus: { type: 'prometheus', uid: 'prometheus' },
  loki: { type: 'loki', uid: 'loki' },
  jaeger: { type: 'jaeger', uid: 'jaeger' },
} as const

export const dashboards = { microservices: { uid: 'microservices', title: 'Microservices Dashboard' } } as const

/** Label of every alert of the shop; its Alertmanager route matches it. */
export const team = 'shop'

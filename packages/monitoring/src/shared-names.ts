import { type Service, services } from '@hello/shop/services'

/**
 * Every name that dashboards and alerts share: what the shop's series, lines and traces are labelled with, and the ids by which
 * Grafana's objects find each other.
 */
export const namespace = 'shop'

/** The service through which every call of a browser enters. */
export const entryService = 'gateway'

const all: readonly Service[] = services

/** The services that nobody but others of the shop calls, as a regular expression. */
export const innerServices = all
  .filter(({ name }) => name !== entryService && all.some(({ upstreams }) => upstreams.includes(name)))
  .map(({ name }) => name)
  .join('|')

/** Every dashboard of the shop, with the variables by which a link may say what it shows. */
export const dashboards = {
  overview: { uid: 'shop-overview', title: 'Overview', variables: ['namespace', 'service'] },
  service: { uid: 'shop-service', title: 'Service detail', variables: ['namespace', 'service', 'route'] },
  orders: { uid: 'shop-orders', title: 'Order journey', variables: ['namespace'] },
  slo: { uid: 'shop-slo', title: 'SLO', variables: ['namespace', 'objective'] },
  business: { uid: 'shop-business', title: 'Business', variables: ['namespace'] },
  postgres: { uid: 'shop-postgres', title: 'PostgreSQL', variables: ['namespace'] },
  kubernetes: { uid: 'shop-kubernetes', title: 'Kubernetes and nodes', variables: ['namespace', 'service'] },
  telemetry: { uid: 'shop-telemetry', title: 'Telemetry health and cost', variables: ['namespace', 'service'] },
  loadTest: { uid: 'shop-load-test', title: 'Load test', variables: ['namespace'] },
  microservices: {
    uid: 'microservices',
    title: 'Microservices Dashboard',
    variables: ['namespace', 'service', 'traces'],
  },
} as const

export type DashboardName = keyof typeof dashboards

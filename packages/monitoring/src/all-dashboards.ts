import type { Dashboard } from './dashboard.ts'
import { microservices } from './dashboards/microservices.ts'
import { orders } from './dashboards/orders.ts'
import { overview } from './dashboards/overview.ts'
import { service } from './dashboards/service.ts'
import { slo } from './dashboards/slo.ts'

/** Every dashboard, with the words of `chartNames` in the place of names. */
export const allDashboards: Dashboard[] = [overview, service, orders, slo, microservices]

import type { Dashboard } from './dashboard.ts'
import { business } from './dashboards/business.ts'
import { kubernetes } from './dashboards/kubernetes.ts'
import { loadTest } from './dashboards/load-test.ts'
import { microservices } from './dashboards/microservices.ts'
import { orders } from './dashboards/orders.ts'
import { overview } from './dashboards/overview.ts'
import { postgres } from './dashboards/postgres.ts'
import { service } from './dashboards/service.ts'
import { slo } from './dashboards/slo.ts'
import { telemetry } from './dashboards/telemetry.ts'

/** Every dashboard, with the words of `chartNames` in the place of names. */
export const allDashboards: Dashboard[] = [
  overview,
  service,
  orders,
  slo,
  business,
  postgres,
  kubernetes,
  telemetry,
  loadTest,
  microservices,
]

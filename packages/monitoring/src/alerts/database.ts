import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** PostgreSQL as its exporter sees it, and the services' pools of connections to it. */
export function databaseAlerts(names: Names, { database }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const { down, pool, connections } = database
  return [
    alertRule(names, {
      name: 'ShopDatabaseDown',
      severity: 'warning',
      expr: `max by (app) (pg_up{${here}}) == 0`,
      for: down.for,
      summary: 'PostgreSQL lets nobody in.',
      description: 'The exporter of {{ $labels.app }} has had no connection to the server.',
      app: appLabel,
      dashboard: 'postgres',
    }),
    alertRule(names, {
      name: 'ShopPoolExhausted',
      severity: 'warning',
      expr: `max by (app) (db_client_connection_pending_requests{${here}}) >= ${pool.waiting}`,
      for: pool.for,
      summary: 'Statements wait for a connection of the pool.',
      description: '{{ $value }} statements of a pod of {{ $labels.app }} wait for a connection.',
      app: appLabel,
    }),
    alertRule(names, {
      name: 'ShopDatabaseConnectionsNearMaximum',
      severity: 'warning',
      expr: `sum by (app) (pg_stat_activity_count{${here}}) / max by (app) (pg_settings_max_connections{${here}}) > ${connections.share}`,
      for: connections.for,
      summary: 'PostgreSQL has few connections left to give.',
      description: '{{ $value | humanizePercentage }} of the connections of {{ $labels.app }} are taken.',
      app: appLabel,
      dashboard: 'postgres',
    }),
  ]
}

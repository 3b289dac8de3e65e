import { type AlertRule, alertRule, appLabel } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'
import { checkpointsMade } from '../queries.ts'

/** What PostgreSQL's clients do to each other and to its disk, as its exporter sees it. */
export function postgresLoadAlerts(names: Names, { databaseLoad }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const { lockWaits, deadlocks, transaction, idleInTransaction, size, wal, checkpoints } = databaseLoad
  const postgresAlert = (own: Omit<Parameters<typeof alertRule>[1], 'severity' | 'app' | 'dashboard'>) =>
    alertRule(names, { ...own, severity: 'warning', app: appLabel, dashboard: 'postgres' })
  // A backup reads all of a database in one transaction.
  const longest = (states: string) =>
    `max by (app, datname) (pg_stat_activity_max_tx_duration{${here}, backend_type="client backend", application_name!="pg_dump", ${states}})`
  const requested = checkpointsMade('requested', `{${here}}`, checkpoints.window)
  const timed = checkpointsMade('timed', `{${here}}`, checkpoints.window)
  return [
    postgresAlert({
      name: 'ShopDatabaseLockWaits',
      expr: `sum by (app, datname) (pg_stat_activity_count{${here}, wait_event_type="Lock"}) >= ${lockWaits.waiting}`,
      for: lockWaits.for,
      summary: 'Statements wait for each other in PostgreSQL.',
      description: '{{ $value }} connections of the database {{ $labels.datname }} wait for a lock.',
    }),
    postgresAlert({
      name: 'ShopDatabaseDeadlocks',
      expr: `sum by (app, datname) (increase(pg_stat_database_deadlocks{${here}}[${deadlocks.window}])) >= ${deadlocks.count}`,
      summary: 'Transactions lock each other out.',
      description: `PostgreSQL ended {{ $value | humanize }} transactions of the database {{ $labels.datname }} in ${deadlocks.window} because two waited for each other.`,
    }),
    postgresAlert({
      name: 'ShopDatabaseLongTransaction',
      expr: `${longest('state!~"idle in transaction.*"')} > ${transaction.seconds}`,
      for: transaction.for,
      summary: 'A transaction works for very long.',
      description:
        'The oldest transaction at work in the database {{ $labels.datname }} began {{ $value | humanizeDuration }} ago.',
    }),
    postgresAlert({
      name: 'ShopDatabaseIdleInTransaction',
      expr: `${longest('state=~"idle in transaction.*"')} > ${idleInTransaction.seconds}`,
      for: idleInTransaction.for,
      summary: 'A client holds a transaction open and does nothing.',
      description:
        'The oldest idle transaction in the database {{ $labels.datname }} began {{ $value | humanizeDuration }} ago.',
    }),
    postgresAlert({
      name: 'ShopDatabaseLarge',
      expr: `sum by (app) (pg_database_size_bytes{${here}}) > ${size.bytes}`,
      for: size.for,
      summary: 'The databases take much of the disk.',
      description: 'All databases of {{ $labels.app }} together take {{ $value | humanize1024 }}B.',
      since: '1d',
    }),
    postgresAlert({
      name: 'ShopDatabaseWalLarge',
      expr: `max by (app) (pg_wal_size_bytes{${here}}) / max by (app) (pg_settings_max_wal_size_bytes{${here}}) > ${wal.share}`,
      for: wal.for,
      summary: 'PostgreSQL cannot remove its write-ahead log.',
      description:
        'The write-ahead log of {{ $labels.app }} has {{ $value | humanizePercentage }} of the size that it is meant to have.',
    }),
    postgresAlert({
      name: 'ShopDatabaseCheckpointsTooOften',
      expr: `${requested} / (${requested} + ${timed} > 0) > ${checkpoints.share} and ${requested} >= ${checkpoints.minimum}`,
      for: checkpoints.for,
      summary: 'PostgreSQL makes checkpoints before their time.',
      description:
        '{{ $value | humanizePercentage }} of the checkpoints of {{ $labels.app }} were made because the write-ahead log was full.',
    }),
  ]
}

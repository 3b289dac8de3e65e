import { dashboard } from '../dashboard.ts'
import { logs, ofSeries, runbook } from '../links.ts'
import { chartNames } from '../names.ts'
import { objectives } from '../objectives.ts'
import { badFrom, goodFrom, stat, timeSeries, type Unit } from '../panels.ts'
import { checkpointsMade, selector } from '../queries.ts'

const range = '$__rate_interval'
const lines = logs('Log lines of PostgreSQL', `app="${chartNames.database}"`)
const own = (...more: string[]) => selector('datname!~"template.*"', ...more)
const byDatabase = '{{datname}}'

const ofExporter = (
  title: string,
  description: string,
  unit: Unit,
  expr: string,
  legend: string,
  alert?: string,
  limit?: number,
) =>
  timeSeries({
    title,
    description,
    unit,
    queries: [{ expr, legend }],
    links: [lines, ...(alert ? [runbook(alert)] : [])],
    colours: limit === undefined ? undefined : badFrom(limit),
    filledBy: 'exporter',
  })

const { lockWaits, transaction, size, wal, checkpoints } = objectives.databaseLoad
const rate = (metric: string) => `sum by (datname) (rate(${metric}${own()}[${range}]))`

const requested = checkpointsMade('requested', selector(), '$__range')
const timed = checkpointsMade('timed', selector(), '$__range')

/** The database as its exporter and as its clients see it. */
export const postgres = dashboard('postgres', 'The database as its exporter and as its clients see it.', [
  {
    title: 'Clients',
    height: 8,
    panels: [
      timeSeries({
        title: 'Pools in use',
        description: 'Share of the connections of each service that are used.',
        unit: 'percentunit',
        queries: [
          {
            expr: `sum by (app) (db_client_connection_count${selector('state="used"')}) / sum by (app) (db_client_connection_max${selector()})`,
            legend: '{{app}}',
          },
        ],
        links: [...ofSeries, runbook('ShopPoolExhausted')],
        max: 1,
      }),
      timeSeries({
        title: 'Statements that wait',
        description: 'For a connection, in the pod of a service where most do.',
        unit: 'none',
        queries: [{ expr: `max by (app) (db_client_connection_pending_requests${selector()})`, legend: '{{app}}' }],
        links: [...ofSeries, runbook('ShopPoolExhausted')],
        colours: badFrom(objectives.database.pool.waiting),
      }),
    ],
  },
  {
    title: 'Connections',
    height: 8,
    panels: [
      stat({
        title: 'Server',
        description: '1 while the exporter may enter, 0 while PostgreSQL lets nobody in.',
        unit: 'none',
        queries: [{ expr: `max by (app) (pg_up${selector()})`, legend: '{{app}}' }],
        links: [runbook('ShopDatabaseDown'), lines],
        colours: goodFrom(1),
        filledBy: 'exporter',
      }),
      timeSeries({
        title: 'Connections of the most there may be',
        description: 'Above the line it is a ticket; at 100 % nobody gets in.',
        unit: 'percentunit',
        queries: [
          {
            expr: `sum by (app) (pg_stat_activity_count${selector()}) / max by (app) (pg_settings_max_connections${selector()})`,
            legend: '{{app}}',
          },
        ],
        links: [lines, runbook('ShopDatabaseConnectionsNearMaximum')],
        colours: badFrom(objectives.database.connections.share),
        max: 1,
        filledBy: 'exporter',
      }),
      ofExporter(
        'Connections by state',
        'Idle in transaction is a client that holds locks and does nothing.',
        'none',
        `sum by (datname, state) (pg_stat_activity_count${own()})`,
        '{{datname}} {{state}}',
        'ShopDatabaseIdleInTransaction',
      ),
    ],
  },
  {
    title: 'Work',
    height: 8,
    panels: [
      ofExporter('Transactions', 'Committed a second.', 'ops', rate('pg_stat_database_xact_commit'), byDatabase),
      ofExporter('Transactions rolled back', 'A second.', 'ops', rate('pg_stat_database_xact_rollback'), byDatabase),
      ofExporter(
        'Blocks found in memory',
        'Share of the blocks that were read from shared buffers, not from the kernel.',
        'percentunit',
        `${rate('pg_stat_database_blks_hit')} / (${rate('pg_stat_database_blks_hit')} + ${rate('pg_stat_database_blks_read')} > 0)`,
        byDatabase,
      ),
      ofExporter(
        'Rows written',
        'Inserted and updated a second.',
        'ops',
        `${rate('pg_stat_database_tup_inserted')} + ${rate('pg_stat_database_tup_updated')}`,
        byDatabase,
      ),
    ],
  },
  {
    title: 'Waiting',
    height: 8,
    panels: [
      ofExporter(
        'Longest transaction',
        'By state; what is long keeps locks and old rows.',
        's',
        `max by (datname, state) (pg_stat_activity_max_tx_duration${own()})`,
        '{{datname}} {{state}}',
        'ShopDatabaseLongTransaction',
        transaction.seconds,
      ),
      ofExporter(
        'Connections that wait for a lock',
        'By database; what they wait for is held by another transaction.',
        'none',
        `sum by (datname) (pg_stat_activity_count${own('wait_event_type="Lock"')} or 0 * pg_stat_activity_count${own()})`,
        byDatabase,
        'ShopDatabaseLockWaits',
        lockWaits.waiting,
      ),
      ofExporter('Locks', 'Held, by mode.', 'none', `sum by (mode) (pg_locks_count${own()})`, '{{mode}}'),
      ofExporter(
        'Deadlocks',
        'Two transactions waited for each other, and one was ended; a second.',
        'ops',
        rate('pg_stat_database_deadlocks'),
        byDatabase,
        'ShopDatabaseDeadlocks',
      ),
    ],
  },
  {
    title: 'Disk',
    height: 8,
    panels: [
      ofExporter(
        'Size',
        'Of each database on disk.',
        'bytes',
        `max by (datname) (pg_database_size_bytes${own()})`,
        byDatabase,
        'ShopDatabaseLarge',
        size.bytes,
      ),
      ofExporter(
        'Write-ahead log',
        'Its size on disk, as a share of max_wal_size.',
        'percentunit',
        `max by (app) (pg_wal_size_bytes${selector()}) / max by (app) (pg_settings_max_wal_size_bytes${selector()})`,
        '{{app}}',
        'ShopDatabaseWalLarge',
        wal.share,
      ),
      ofExporter(
        'Checkpoints made early',
        'Share of them; the write-ahead log was full before its time.',
        'percentunit',
        `${requested} / clamp_min(${requested} + ${timed}, 1)`,
        '{{app}}',
        'ShopDatabaseCheckpointsTooOften',
        checkpoints.share,
      ),
    ],
  },
])

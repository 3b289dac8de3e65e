/** What postgres_exporter exposes of which rules and dashboards ask; exporter.test.ts holds it against the program. */
export const exporterMetrics = [
  'pg_up',
  'pg_stat_activity_count',
  'pg_settings_max_connections',
  'pg_settings_max_wal_size_bytes',
  'pg_database_size_bytes',
  'pg_locks_count',
  'pg_stat_activity_max_tx_duration',
  'pg_stat_checkpointer_num_requested_total',
  'pg_stat_checkpointer_num_timed_total',
  'pg_stat_database_blks_hit',
  'pg_stat_database_blks_read',
  'pg_stat_database_deadlocks',
  'pg_stat_database_tup_inserted',
  'pg_stat_database_tup_updated',
  'pg_stat_database_xact_commit',
  'pg_stat_database_xact_rollback',
  'pg_wal_size_bytes',
]

/** What it has instead of a server before PostgreSQL 17. */
export const exporterMetricsBefore17 = [
  'pg_stat_bgwriter_checkpoints_req_total',
  'pg_stat_bgwriter_checkpoints_timed_total',
]

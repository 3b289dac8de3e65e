/** What postgres_exporter exposes of which the rules ask; exporter.test.ts holds it against the program. */
export const exporterMetrics = ['pg_up', 'pg_stat_activity_count', 'pg_settings_max_connections']

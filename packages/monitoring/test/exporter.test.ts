import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { freePort } from '@hello/processes/ports'
import { eventually } from '@hello/test-support/eventually'
import pg from 'pg'
import { exporterMetrics } from './exporter-metrics.ts'

/** What the chart runs it with. */
const template = readFileSync(
  new URL('../../../charts/postgres/templates/exporter-deployment.yaml', import.meta.url),
  'utf8',
)
const [, args] = /^ +args: \[(.+)\]$/m.exec(template)!

const missing = spawnSync('postgres_exporter', ['--version']).error && 'postgres_exporter is not on PATH'

/** Starts it on a database of its own, and ends it with the test. */
async function startExporter(t: TestContext) {
  const database = new URL(await createTestDatabase())
  database.searchParams.set('sslmode', 'disable')
  const port = await freePort()
  const exporter = spawn('postgres_exporter', [...args!.split(', '), `--web.listen-address=127.0.0.1:${port}`], {
    env: { ...process.env, DATA_SOURCE_NAME: database.href },
  })
  t.after(async () => {
    exporter.kill()
    if (exporter.exitCode === null) await once(exporter, 'exit')
  })
  return async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
}

test('postgres_exporter exposes every metric of PostgreSQL that the rules ask for', { skip: missing }, async (t) => {
  const metrics = await startExporter(t)
  const text = await eventually(async () => {
    const answer = await metrics()
    assert.match(answer, /^pg_up 1$/m)
    return answer
  })
  for (const metric of exporterMetrics) assert.match(text, new RegExp(`^${metric}[{ ]`, 'm'), metric)
})

test('postgres_exporter labels who waits for a lock and who holds it as the rules expect', {
  skip: missing,
}, async (t) => {
  const metrics = await startExporter(t)
  // Another database, as in the chart: of the tables of its own the exporter asks for the size, which waits for the lock too.
  const connectionString = await createTestDatabase()
  const clients = ['holder', 'waiter'].map((name) => new pg.Client({ connectionString, application_name: name }))
  const [holder, waiter] = clients as [pg.Client, pg.Client]
  await Promise.all(clients.map((client) => client.connect()))
  await holder.query('CREATE TABLE held (id int)')
  await holder.query('BEGIN')
  await holder.query('LOCK TABLE held')
  const waits = waiter.query('SELECT * FROM held')
  await eventually(async () => {
    const lines = (await metrics()).split('\n')
    const has = (metric: string, ...labels: string[]) =>
      assert.ok(
        lines.some(
          (line) =>
            line.startsWith(metric) && !line.endsWith(' 0') && labels.every((label) => line.includes(`${label}"`)),
        ),
        `${metric} ${labels}`,
      )
    const longest = 'pg_stat_activity_max_tx_duration{'
    has('pg_stat_activity_count{', 'application_name="waiter', 'wait_event_type="Lock')
    has(longest, 'application_name="waiter', 'state="active', 'backend_type="client backend')
    has(longest, 'application_name="holder', 'state="idle in transaction', 'backend_type="client backend')
  })
  await holder.query('COMMIT')
  await waits
  await Promise.all(clients.map((client) => client.end()))
})

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { freePort } from '@hello/processes/ports'
import { eventually } from '@hello/test-support/eventually'
import { exporterMetrics } from './exporter-metrics.ts'

/** What the chart runs it with. */
const template = readFileSync(
  new URL('../../../charts/postgres/templates/exporter-deployment.yaml', import.meta.url),
  'utf8',
)
const [, args] = /^ +args: \[(.+)\]$/m.exec(template)!

const missing = spawnSync('postgres_exporter', ['--version']).error && 'postgres_exporter is not on PATH'

test('postgres_exporter exposes every metric of PostgreSQL that the rules ask for', { skip: missing }, async (t) => {
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
  const text = await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
    const metrics = await answer.text()
    assert.match(metrics, /^pg_up 1$/m)
    return metrics
  })
  for (const metric of exporterMetrics) assert.match(text, new RegExp(`^${metric}[{ ]`, 'm'), metric)
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { removePostgresData, startPostgres } from '@hello/postgres/server'
import { eventually } from '@hello/test-support/eventually'
import pg from 'pg'
import { buildApp } from '../../services/product/src/app.ts'
import { leakedConnections } from '../leaked-connections/fault.ts'
import { settings, whileSet } from './flagged.ts'

test('connections are taken until nine tenths are, and all given back', async () => {
  const dataDir = join(tmpdir(), `hello-test-${randomUUID()}`)
  const server = await startPostgres({ dataDir, port: 0, durable: false, maxConnections: 30 })
  after(async () => {
    await server.stop()
    await removePostgresData(dataDir)
  })
  await server.createDatabase('product')
  const app = await buildApp({ ...settings, DATABASE_URL: server.url('product'), SEED_DEMO: true })
  after(() => app.close())
  await app.ready()
  const taken = async () => {
    const { rowCount } = await app.database.query('SELECT FROM pg_stat_activity WHERE datname IS NOT NULL')
    return rowCount
  }
  const usual = await taken()

  await whileSet(leakedConnections, async () => {
    await eventually(async () => assert.equal(await taken(), 27))
    const { rows } = await app.database.query(
      'SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname IS NOT NULL',
    )
    assert.deepEqual(rows, [{ application_name: 'product' }])
    const other = new pg.Client(server.url('product'))
    await other.connect()
    await other.end()
    assert.equal((await app.inject('/products')).statusCode, 200)
    await eventually(async () => assert.deepEqual(await app.readiness.failures(), {}))
    // The cure of a person does not last while it leaks.
    await app.database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IS NOT NULL AND pid <> pg_backend_pid()',
    )
    await eventually(async () => assert.equal(await taken(), 27))
  })

  await eventually(async () => assert.equal(await taken(), usual))
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { type Postgres, removePostgresData, startPostgres } from '@hello/postgres/server'
import { freezeTree } from '@hello/processes/process-info'
import { eventually } from '@hello/test-support/eventually'
import pg from 'pg'
import { createApp } from '../src/app.ts'
import { databaseSamplesPlugin, type Sample } from '../src/database-samples.ts'
import { createManagement } from '../src/management.ts'

const dataDir = join(tmpdir(), `hello-samples-${randomUUID()}`)
const interval = 100
let postgres: Postgres

before(async () => {
  postgres = await startPostgres({ dataDir, port: 0, durable: false })
})
after(async () => {
  await postgres.stop()
  await removePostgresData(dataDir)
})

/** An app with a sample of how many processes the server has, by a gauge with a label and one without. */
async function sampledApp(t: TestContext, take: Sample['take'] = async () => {}) {
  const app = await createApp({ name: 'test', logLevel: 'silent' })
  await app.register(databaseSamplesPlugin, { url: postgres.url('postgres'), applicationName: 'sampler' })
  const registers = [app.metrics.client.register]
  const plain = new app.metrics.client.Gauge({ name: 'plain', help: 'Without a label', registers })
  const labelled = new app.metrics.client.Gauge({ name: 'labelled', help: 'With one', labelNames: ['kind'], registers })
  app.databaseSamples.add({
    name: 'test',
    gauges: [plain, labelled],
    interval,
    async take(database) {
      const { rows } = await database.query('SELECT count(*)::int AS n FROM pg_stat_activity')
      plain.set(rows[0].n)
      labelled.set({ kind: 'any' }, rows[0].n)
      await take(database)
    },
  })
  const management = createManagement(app, '*')
  t.after(async () => {
    await management.close()
    await app.close()
  })
  const scrape = async () => {
    const began = performance.now()
    const { statusCode, body } = await management.inject('/metrics')
    assert.equal(statusCode, 200)
    const value = (series: string) => {
      const line = body.split('\n').find((one) => one.startsWith(`${series} `))
      return line === undefined ? undefined : Number(line.split(' ')[1])
    }
    return { value, milliseconds: performance.now() - began }
  }
  return { app, scrape }
}

type Scrape = Awaited<ReturnType<Awaited<ReturnType<typeof sampledApp>>['scrape']>>

/** The first scrape that holds. */
const until = (scrape: () => Promise<Scrape>, holds: (scrape: Scrape) => boolean) =>
  eventually(
    async () => {
      const scraped = await scrape()
      return holds(scraped) && scraped
    },
    { everyMs: 20 },
  )

const failures = 'database_samples_failed_total{sample="test"}'
const age = 'database_sample_age_seconds{sample="test"}'

test('gauges have a value once the database was read, and none before', async (t) => {
  const hold = Promise.withResolvers<void>()
  const { app, scrape } = await sampledApp(t, () => hold.promise)
  const { value } = await scrape()
  assert.deepEqual([value('plain'), value('labelled{kind="any"}')], [undefined, undefined])
  await app.ready()
  hold.resolve()
  const sampled = await until(scrape, (one) => one.value('plain') !== undefined)
  assert.ok(sampled.value('labelled{kind="any"}')! > 0)
  assert.equal(sampled.value(failures), 0)
  assert.ok(sampled.value(age)! < 15)
})

test('while the database hangs, scrapes come without its gauges and say why, and nothing piles up', async (t) => {
  const { app, scrape } = await sampledApp(t)
  await app.ready()
  await until(scrape, ({ value }) => value('plain') !== undefined)
  const thaw = freezeTree(postgres.pid)
  try {
    const stale = await until(scrape, ({ value }) => value(failures)! >= 2)
    assert.equal(stale.value('plain'), undefined)
    assert.equal(stale.value('labelled{kind="any"}'), undefined)
    assert.ok(stale.value(age)! > (3 * interval) / 1000)
    assert.notEqual(stale.value('process_resident_memory_bytes'), undefined)
    t.diagnostic(`a scrape took ${stale.milliseconds.toFixed(1)} ms`)
  } finally {
    thaw()
  }
  await until(scrape, ({ value }) => value('plain') !== undefined)

  const client = new pg.Client({ connectionString: postgres.url('postgres') })
  await client.connect()
  t.after(() => client.end())
  const own = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'sampler'`
  await eventually(async () => {
    const { rows } = await client.query(own)
    assert.ok(rows[0].n <= 1, 'connections of samples that were given up are still there')
  })
})

test('a sample that fails says so, and does not end the others', async (t) => {
  let broken = true
  const { app, scrape } = await sampledApp(t, async (database) => {
    if (broken) await database.query('SELECT 1 / 0')
  })
  await app.ready()
  await until(scrape, ({ value }) => value(failures)! >= 2)
  broken = false
  await until(scrape, ({ value }) => value(age)! < 0.1)
})

test('closing waits for the sample under way and starts no other', async (t) => {
  let begun = 0
  let ended = 0
  const { app } = await sampledApp(t, async (database) => {
    begun++
    await database.query('SELECT pg_sleep(0.3)')
    ended++
  })
  await app.ready()
  await eventually(() => begun > 0, { everyMs: 5 })
  await app.close()
  assert.equal(ended, begun)
  const afterwards = begun
  await delay(3 * interval)
  assert.equal(begun, afterwards)
})

test('closing does not wait for a database that hangs', async (t) => {
  const { app, scrape } = await sampledApp(t)
  await app.ready()
  await until(scrape, ({ value }) => value('plain') !== undefined)
  const thaw = freezeTree(postgres.pid)
  try {
    const closed = await Promise.race([app.close().then(() => true), delay(15_000, false, { ref: false })])
    assert.ok(closed, 'the app closes while PostgreSQL stands still')
  } finally {
    thaw()
  }
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { findProcess } from '@hello/processes/process-info'
import pg from 'pg'
import { findPlace } from '../src/data-folder.ts'
import { type Postgres, removePostgresData, startPostgres } from '../src/server.ts'

/** By data folder. A test's `after` hooks run in the order of their registration, and the data goes last. */
const started = new Map<string, Postgres[]>()

function temporaryData(t: TestContext): string {
  const dataDir = join(tmpdir(), `hello-postgres-${randomUUID()}`)
  started.set(dataDir, [])
  t.after(async () => {
    for (const postgres of started.get(dataDir)!) await postgres.stop()
    await removePostgresData(dataDir)
  })
  return dataDir
}

async function start(dataDir: string): Promise<Postgres> {
  const postgres = await startPostgres({ dataDir, port: 0, durable: false })
  started.get(dataDir)!.push(postgres)
  return postgres
}

/** Where the data is: elsewhere where root lends the server a user who may not enter the checkout. */
const placeOf = async (dataDir: string) => (await findPlace(dataDir)).dataDir

async function query(postgres: Postgres, sql: string) {
  const client = new pg.Client({ connectionString: postgres.url('shop') })
  client.on('error', () => {}) // a killed server cuts it
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('keeps what was committed when it is killed, and starts again over its stale lock file', async (t) => {
  const dataDir = temporaryData(t)
  const first = await start(dataDir)
  await first.createDatabase('shop')
  await first.createDatabase('shop')
  await query(first, 'CREATE TABLE kept AS SELECT 1 AS n')
  process.kill(first.pid, 'SIGKILL')
  assert.deepEqual(await first.exited, { code: null, signal: 'SIGKILL' })
  assert.ok(existsSync(join(await placeOf(dataDir), 'postmaster.pid')))

  const second = await start(dataDir)
  assert.deepEqual(await query(second, 'SELECT n FROM kept'), [{ n: 1 }])
  assert.equal((await query(second, 'SHOW server_version'))[0].server_version.split('.')[0], '18')
})

test('a sequence made and advanced in one transaction does not go back when the server is killed', async (t) => {
  const dataDir = temporaryData(t)
  const first = await start(dataDir)
  await first.createDatabase('shop')
  const insert = (postgres: Postgres) => query(postgres, 'INSERT INTO numbered DEFAULT VALUES')
  const create = 'CREATE TABLE numbered (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)'
  await query(first, `BEGIN; ${create}; INSERT INTO numbered DEFAULT VALUES; COMMIT`)
  await insert(first)
  process.kill(first.pid, 'SIGKILL')
  await first.exited

  const second = await start(dataDir)
  await insert(second)
  assert.deepEqual(await query(second, 'SELECT count(DISTINCT position)::int AS rows FROM numbered'), [{ rows: 3 }])
})

test('stops with sessions open, and leaves no process and no file', async (t) => {
  const dataDir = temporaryData(t)
  const postgres = await start(dataDir)
  const client = new pg.Client({ connectionString: postgres.url('postgres') })
  client.on('error', () => {})
  await client.connect()
  await postgres.stop()
  assert.equal(findProcess(postgres.pid), undefined)
  assert.ok(!existsSync(join(await placeOf(dataDir), 'postmaster.pid')))
  const place = await placeOf(dataDir)
  await removePostgresData(dataDir)
  assert.ok(!existsSync(place))
})

test('ends when the process that started it is killed, and opens the data again at once', async (t) => {
  const dataDir = temporaryData(t)
  const module = new URL('../src/server.ts', import.meta.url)
  const parent = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `import { startPostgres } from '${module}'
     const { pid } = await startPostgres({ dataDir: '${dataDir}', port: 0, durable: false })
     console.log(pid)
     setInterval(() => {}, 1000)`,
  ])
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: parent.stdout }).once('line', (line) => resolve(Number(line)))
  })
  parent.kill('SIGKILL')
  const next = await start(dataDir)
  assert.equal(findProcess(pid), undefined)
  assert.notEqual(next.pid, pid)
})

test('says why it does not come up', async (t) => {
  const running = await start(temporaryData(t))
  const dataDir = temporaryData(t)
  const clash = startPostgres({ dataDir, port: running.port, durable: false })
  await assert.rejects(clash, /ended with exit code 1 while it started:.*Address already in use/s)
})

test('makes the data folder and those above it', async (t) => {
  const dataDir = join(tmpdir(), `hello-postgres-${randomUUID()}`, 'missing', 'data')
  t.after(async () => {
    await removePostgresData(dataDir)
    await rm(join(dataDir, '../..'), { recursive: true, force: true })
  })
  const postgres = await startPostgres({ dataDir, port: 0 })
  await postgres.stop()
  assert.ok(existsSync(join(await placeOf(dataDir), 'PG_VERSION')))
})

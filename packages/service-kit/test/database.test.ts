import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createTestDatabase } from '@hello/postgres/test-database'
import { createApp } from '../src/app.ts'
import { databasePlugin } from '../src/database.ts'

const folder = await mkdtemp(join(tmpdir(), 'hello-migrations-'))
after(() => rm(folder, { recursive: true, force: true }))

async function migrations(files: Record<string, string>): Promise<URL> {
  const own = await mkdtemp(join(folder, 'case-'))
  await mkdir(own, { recursive: true })
  for (const [name, sql] of Object.entries(files)) await writeFile(join(own, name), sql)
  return pathToFileURL(`${own}/`)
}

async function appOn(url: string, folderUrl: URL, poolSize = 2) {
  const app = await createApp({ name: 'test', logLevel: 'silent' })
  await app.register(databasePlugin, { url, poolSize, migrations: folderUrl, applicationName: 'test' })
  return app
}

test('a statement that waited for a connection goes on in its own asynchronous context', async () => {
  const app = await appOn(await createTestDatabase(), await migrations({ '0001.do.nothing.sql': 'SELECT 1' }), 1)
  const request = new AsyncLocalStorage<number>()
  const seen: (number | undefined)[] = []
  await app.ready()
  const { prototype } = (await app.database.connect().then((client) => {
    client.release()
    return client.constructor
  })) as unknown as { prototype: { query: (...args: unknown[]) => unknown } }
  const { query } = prototype
  prototype.query = function (...args) {
    seen.push(request.getStore())
    return query.apply(this, args)
  }
  try {
    await Promise.all([1, 2, 3, 4, 5].map((n) => request.run(n, () => app.database.query('SELECT $1::int', [n]))))
  } finally {
    prototype.query = query
  }
  assert.deepEqual(seen, [1, 2, 3, 4, 5])
  await app.close()
})

test('a migration that fails leaves nothing of itself and stops the boot', async () => {
  const url = await createTestDatabase()
  const half = await migrations({
    '0001.do.make.sql': 'CREATE TABLE made (id int)',
    '0002.do.break.sql': 'CREATE TABLE broken (id int); SELECT 1 / 0',
  })
  await assert.rejects(async () => await appOn(url, half), /division by zero/)
  const app = await appOn(url, await migrations({ '0001.do.nothing.sql': 'SELECT 1' }))
  const { rows } = await app.database.query(`SELECT to_regclass('made') AS made, to_regclass('broken') AS broken`)
  assert.deepEqual(rows, [{ made: null, broken: null }])
  await app.close()
})

test('readiness names the database while it is away', async () => {
  const app = await appOn(await createTestDatabase(), await migrations({ '0001.do.nothing.sql': 'SELECT 1' }))
  await app.ready()
  assert.deepEqual(await app.readiness.failures(), {})
  await app.database.end()
  assert.deepEqual(Object.keys(await app.readiness.failures()), ['database'])
  await app.close().catch(() => {})
})

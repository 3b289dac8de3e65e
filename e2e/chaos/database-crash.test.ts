import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import { eventually } from '@hello/test-support/eventually'
import pg from 'pg'
import { shopClient } from '../lib/shop-client.ts'

type Owner = 'product' | 'inventory' | 'order'

const owners: Owner[] = ['product', 'inventory', 'order']
/** What each table is listed by, and its identity column where it has one. */
const tables: { owner: Owner; table: string; key: string; position: boolean }[] = [
  { owner: 'product', table: 'products', key: 'id', position: true },
  { owner: 'inventory', table: 'stock', key: 'product_id', position: true },
  { owner: 'inventory', table: 'reservations', key: 'order_id', position: false },
  { owner: 'order', table: 'orders', key: 'id', position: true },
]
/** A moment is over quickly. */
const soon = { everyMs: 10 }
/** As in packages/service-kit/src/database.ts. */
const migrationLock = 0x68656c6c

async function query<Row extends pg.QueryResultRow>(shop: Shop, owner: Owner, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: shop.databaseUrl(owner) })
  client.on('error', () => {}) // the server is killed under it
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

async function killServer(shop: Shop) {
  const server = () => shop.processes().find(({ service }) => service === 'postgres')!
  const { pid } = server()
  server().kill('SIGKILL')
  await eventually(() => server().pid !== undefined && server().pid !== pid, soon)
}

/** Adds to every table. */
async function addToEveryTable({ urls: { gateway } }: Shop) {
  const { order, stockProduct } = shopClient(gateway)
  const { status, body } = await order((await stockProduct(5)).id, 1)
  assert.ok(status === 201 || status === 202, `an order was answered ${status}: ${JSON.stringify(body)}`)
}

const readAll = (shop: Shop) =>
  Promise.all(
    tables.map(async ({ owner, table, key, position }) => {
      const columns = `${key} AS key${position ? ', position::int AS position' : ''}`
      return query<{ key: string; position?: number }>(shop, owner, `SELECT ${columns} FROM ${table} ORDER BY ${key}`)
    }),
  )

/** Nothing committed is lost, every table takes more, and what comes later has a position of its own behind the others. */
async function assertSound(shop: Shop, committed: Awaited<ReturnType<typeof readAll>>) {
  await shop.ready()
  const before = await readAll(shop)
  for (const [index, { table }] of tables.entries()) {
    for (const row of committed[index]!) {
      const kept = before[index]!.some(({ key, position }) => key === row.key && position === row.position)
      assert.ok(kept, `${table} has lost ${JSON.stringify(row)}`)
    }
  }
  for (let i = 0; i < 3; i++) await addToEveryTable(shop)
  for (const [index, rows] of (await readAll(shop)).entries()) {
    const { table, position } = tables[index]!
    const known = new Set(before[index]!.map(({ key }) => key))
    const added = rows.filter(({ key }) => !known.has(key))
    assert.equal(added.length, 3, `rows added to ${table}`)
    if (!position) continue
    const last = Math.max(0, ...before[index]!.map((row) => row.position!))
    assert.ok(
      added.every((row) => row.position! > last),
      `positions of ${table} are behind ${last}`,
    )
  }
  for (const owner of owners) {
    const unlogged = await query(shop, owner, `SELECT relname FROM pg_class WHERE relpersistence = 'u'`)
    assert.deepEqual(unlogged, [], `a crash empties what is not logged, in the database of ${owner}`)
  }
}

/** Takes the migrations' lock in every database, for as long as the server lives. */
async function holdMigrations(shop: Shop) {
  for (const owner of owners) {
    const client = new pg.Client({ connectionString: shop.databaseUrl(owner) })
    client.on('error', () => {}) // the server is killed under it
    await client.connect()
    await client.query('SELECT pg_advisory_lock($1)', [migrationLock])
  }
}

const moments: [when: string, wait: (shop: Shop) => Promise<unknown>][] = [
  ['right after its start', async () => {}],
  [
    'while migrations wait for their lock',
    async (shop) => {
      await holdMigrations(shop)
      const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`
      await eventually(async () => {
        const rows = await Promise.all(owners.map((owner) => query(shop, owner, waiting)))
        return rows.every(({ length }) => length > 0)
      }, soon)
    },
  ],
  [
    'right after the first migration',
    (shop) =>
      eventually(async () => {
        const versions = await Promise.any(owners.map((owner) => query(shop, owner, 'SELECT FROM schema_version')))
        return versions.length > 0
      }, soon),
  ],
  ['right after seeding', (shop) => shop.ready()],
  [
    'right after the first row of every table',
    async (shop) => {
      await shop.ready()
      await addToEveryTable(shop)
    },
  ],
  [
    'right after a crash',
    async (shop) => {
      await shop.ready()
      await addToEveryTable(shop)
      await killServer(shop)
      await shop.ready()
      await addToEveryTable(shop)
    },
  ],
]

for (const [when, wait] of moments) {
  test(`PostgreSQL is killed ${when}: nothing is lost, and every table takes more`, async (t) => {
    const shop = await startShop({ only: ['product', 'inventory', 'order', 'gateway'], durable: false })
    t.after(() => shop.stop())
    await wait(shop)
    const committed = await readAll(shop).catch(() => tables.map(() => []))
    await killServer(shop)
    await assertSound(shop, committed)
  })
}

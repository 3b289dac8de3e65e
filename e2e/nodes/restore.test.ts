import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { gateway, kubectl, limit } from '../cluster/shop-cluster.ts'
import { inTime, shopClient } from '../lib/shop-client.ts'

const { order, stockProduct } = shopClient(gateway)

const orders = 1_000_000
const databases = ['order', 'inventory', 'product'] as const

/** Runs a statement in a service's database, on the server itself. */
async function sql(database: string, statement: string): Promise<string> {
  const psql = 'PGPASSWORD=$POSTGRES_PASSWORD psql -h 127.0.0.1 -U postgres -qAt -v ON_ERROR_STOP=1 -c "$1" "$2"'
  return (await kubectl('exec', 'postgres-0', '--', 'bash', '-c', psql, 'bash', statement, database)).trim()
}

async function tablesOf(database: string): Promise<string[]> {
  const names = await sql(database, `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`)
  return names.split('\n').filter(Boolean)
}

/** How many rows each table has, and what is in them. */
const contents = () =>
  Promise.all(
    databases.map(async (database) => {
      const sums = (await tablesOf(database)).map(
        (table) => `SELECT '${table}', count(*), sum(hashtextextended(t::text, 0)) FROM ${table} AS t`,
      )
      return sql(database, sums.join(' UNION ALL '))
    }),
  )

/** What a slip of the hand leaves of a database. */
const loseEverything = (database: string) =>
  sql(
    database,
    `DO $$ DECLARE lost text; BEGIN
      FOR lost IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP TABLE %I CASCADE', lost);
      END LOOP;
    END $$`,
  )

/** Runs a Job of a CronJob of charts/postgres to its end, and says how many seconds it took. */
async function run(cronJob: 'postgres-backup' | 'postgres-restore'): Promise<number> {
  const job = `${cronJob}-${Date.now()}`
  const began = performance.now()
  await kubectl('create', 'job', job, `--from=cronjob/${cronJob}`)
  await kubectl('wait', `job/${job}`, '--for=condition=complete', `--timeout=${limit}`)
  return Math.round((performance.now() - began) / 1000)
}

before(() => kubectl('rollout', 'status', 'statefulset/postgres', `--timeout=${limit}`))

test('what was backed up is restored, to the last row, and the shop sells again', async (t) => {
  const { id } = await stockProduct(orders)
  await sql(
    'order',
    `INSERT INTO orders (id, product_id, product_name, quantity, unit_price_cents, status)
      SELECT 'restored-' || n, '${id}', 'Kettle', 1, 1000, 'CREATED' FROM generate_series(1, ${orders}) AS n`,
  )
  await sql(
    'inventory',
    `INSERT INTO reservations (order_id, product_id, quantity, state)
      SELECT 'restored-' || n, '${id}', 1, 'RESERVED' FROM generate_series(1, ${orders}) AS n`,
  )
  assert.equal((await inTime(() => order('product1', 1, { 'idempotency-key': 'before' }))).status, 201)
  const kept = await contents()
  for (const [index, table] of ['orders', 'reservations'].entries())
    assert.ok(Number(new RegExp(`^${table}\\|(\\d+)`, 'm').exec(kept[index]!)?.[1]) >= orders, table)

  const backup = await run('postgres-backup')
  await Promise.all(databases.map(loseEverything))
  for (const database of databases) assert.deepEqual(await tablesOf(database), [], database)
  const restore = await run('postgres-restore')
  t.diagnostic(`${orders} orders with their reservations: backed up in ${backup} s, restored in ${restore} s`)
  assert.deepEqual(await contents(), kept)
  await eventually(async () => assert.equal((await order('product1', 1)).status, 201))
})

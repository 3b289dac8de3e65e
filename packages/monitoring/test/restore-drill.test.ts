import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { type Postgres, removePostgresData, startPostgres } from '@hello/postgres/server'
import pg from 'pg'
import { parseAllDocuments } from 'yaml'

const root = join(import.meta.dirname, '../../..')
const manifests = readFileSync(join(root, 'observability-values/production/database-drill.yaml'), 'utf8')
const objects = parseAllDocuments(manifests).map((document) => document.toJS())
const check: string = objects.find(({ kind }) => kind === 'ConfigMap').data['check.sh']
const skip = spawnSync('psql', ['--version']).error && 'psql is not on PATH'

describe('the check of a restored database', { skip }, () => {
  const dataDir = join(tmpdir(), `hello-drill-${randomUUID()}`)
  let server: Postgres
  const sql = async (name: string, statements: string) => {
    const client = new pg.Client({ connectionString: server.url(name) })
    await client.connect()
    await client.query(statements).finally(() => client.end())
  }
  const order = (id: string, age: string) =>
    `INSERT INTO orders (id, product_id, product_name, quantity, unit_price_cents, status, created_at)
     VALUES ('${id}', '1', 'Lamp', 2, 100, 'CREATED', now() - interval '${age}')`
  const reservation = (id: string) =>
    `UPDATE stock SET quantity = quantity - 2; INSERT INTO reservations VALUES ('${id}', '1', 2, 'RESERVED')`

  before(async () => {
    server = await startPostgres({ dataDir, port: 0, durable: false })
    for (const name of ['order', 'inventory', 'product']) {
      await server.createDatabase(name)
      const migrations = join(root, 'services', name, 'migrations')
      for (const file of readdirSync(migrations).sort()) await sql(name, readFileSync(join(migrations, file), 'utf8'))
    }
    await sql('inventory', `INSERT INTO stock (product_id, quantity, supplied) VALUES ('1', 10, 10)`)
  })
  after(async () => {
    await server.stop()
    await removePostgresData(dataDir)
  })

  async function checked() {
    const { password, port, username } = new URL(server.url('order'))
    const environment = { PGHOST: '127.0.0.1', PGPORT: port, PGUSER: username, PGPASSWORD: password }
    const child = spawn('bash', ['-c', check], {
      env: { ...process.env, ...environment, PGSSLMODE: 'disable', MAX_AGE_SECONDS: '3600' },
    })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { status: child.exitCode, said: stdout + stderr }
  }

  test('says what is wrong with it, and passes what is whole and recent', async () => {
    const empty = await checked()
    assert.match(empty.said, /every row can be read\ndrill: there is no order/)
    assert.equal(empty.status, 1)

    await sql('order', order('a', '2 hours'))
    await sql('inventory', reservation('a'))
    assert.match((await checked()).said, /the last order is 7\d\d\d seconds old: the archive ends there/)

    await sql('order', order('b', '1 second'))
    assert.match((await checked()).said, /1 orders have no reservation/)

    await sql('inventory', reservation('b'))
    const whole = await checked()
    assert.match(whole.said, /whole, and the last order is \d+ seconds old/)
    assert.equal(whole.status, 0)

    await sql('inventory', 'UPDATE stock SET quantity = quantity + 1')
    const wrong = await checked()
    assert.match(wrong.said, /the stock of 1 products is not what was supplied/)
    assert.equal(wrong.status, 1)
  })
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createTestDatabase } from '@hello/postgres/test-database'
import { startService } from '@hello/service-kit/testing/child-service'
import { unusedUrl } from '@hello/service-kit/testing/http-server'
import { eventually } from '@hello/test-support/eventually'
import pg from 'pg'
import { startUpstream } from './upstreams.ts'

test('an order that is recovered is logged as it is then, with the trace of its recovery', async () => {
  const inventory = await startUpstream(() => ({ status: 201, body: { state: 'RESERVED' } }))
  after(() => inventory.close())
  const url = await createTestDatabase()
  const order = await startService(
    fileURLToPath(new URL('../src/server.ts', import.meta.url)),
    {
      DATABASE_URL: url,
      PRODUCT_SERVICE_URL: await unusedUrl(),
      INVENTORY_SERVICE_URL: inventory.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: await unusedUrl(),
    },
    ['--import', '@hello/telemetry/preload'],
  )
  const placedIn = 'a'.repeat(32)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `INSERT INTO orders (id, product_id, product_name, quantity, unit_price_cents, traceparent, attempted_at)
      VALUES ('o1', 'product1', 'Product 1', 2, 1099, $1, now() - interval '1 minute')`,
    [`00-${placedIn}-${'b'.repeat(16)}-01`],
  )
  await client.end()
  const told = (text: string) => order.log.filter(({ msg, order_id }) => msg === text && order_id === 'o1')
  await eventually(() => told('order recovered').length > 0)
  const [recovered] = told('order recovered')
  assert.equal(recovered!.status, 'CREATED')
  assert.equal(recovered!.attempts, 2)
  assert.match(String(recovered!.trace_id), /^[0-9a-f]{32}$/)
  assert.notEqual(recovered!.trace_id, placedIn)
  assert.equal(told('order settled')[0]!.trace_id, recovered!.trace_id)
})

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { prometheusAt, RefusedQuery } from '../src/prometheus.ts'

test('what refuses a query in plain text is told', async (t) => {
  const server = createServer((_, response) =>
    response.writeHead(431, { 'content-type': 'text/plain' }).end('too long'),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const { rows } = prometheusAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await assert.rejects(rows('up', { from: 0, to: 1 }), (error) => {
    assert.ok(error instanceof RefusedQuery)
    assert.equal(error.message, '431: too long')
    return true
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { errors } from '../errors/fault.ts'
import { startFaultyApp } from './faulty-app.ts'
import { whileSet } from './flagged.ts'

let done = 0
const { app, metric } = await startFaultyApp('order', (service) => {
  service.post('/orders', async (_request, reply) => {
    done++
    return reply.code(201).send({})
  })
})
const order = () => app.inject({ method: 'POST', url: '/orders' })

test('a request that fails has done nothing, and is counted as what it is', async () => {
  assert.equal((await order()).statusCode, 201)
  await whileSet(
    errors,
    async () => {
      const answer = await eventually(async () => {
        const one = await order()
        return one.statusCode === 500 && one
      })
      assert.match(answer.headers['content-type'] as string, /^application\/problem\+json/)
      assert.match(answer.json().type, /internal-error$/)
      const before = done
      for (let n = 0; n < 20; n++) assert.equal((await order()).statusCode, 500)
      assert.equal(done, before)
      const failed = { http_response_status_code: '500', error_type: '500' }
      await eventually(async () => assert.ok((await metric('http_server_request_duration_seconds', failed)) > 0))
      await eventually(async () => assert.equal(await metric('shop_fault_active', { fault: 'errors' }), 1))
      assert.equal((await app.inject('/health')).statusCode, 200)
    },
    1,
  )
  await eventually(async () => assert.equal((await order()).statusCode, 201))
  await eventually(async () => assert.equal(await metric('shop_fault_active', { fault: 'errors' }), 0))
})

test('as many fail as it is set to', async () => {
  await whileSet(
    errors,
    async () => {
      await eventually(async () => assert.equal(await metric('shop_fault_active', { fault: 'errors' }), 0.3))
      let failed = 0
      for (let n = 0; n < 500; n++) if ((await order()).statusCode === 500) failed++
      // 150 are to be expected; so far off by chance is one run of a million.
      assert.ok(failed > 95 && failed < 210, `${failed} of 500`)
    },
    0.3,
  )
})

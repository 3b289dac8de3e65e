import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import type { FastifyBaseLogger } from 'fastify'
import { noisyLogs } from '../noisy-logs/fault.ts'
import { startFaultyApp } from './faulty-app.ts'
import { whileSet } from './flagged.ts'

let lines = 0
const { app } = await startFaultyApp('inventory', (service) => {
  service.addHook('onRequest', (request, _reply, done) => {
    const info = request.log.info.bind(request.log) as (...line: unknown[]) => void
    request.log.info = ((...line: unknown[]) => {
      lines++
      info(...line)
    }) as FastifyBaseLogger['info']
    done()
  })
  service.get('/inventory', () => [])
})

async function linesOf(url: string) {
  lines = 0
  assert.equal((await app.inject(url)).statusCode, 200)
  return lines
}

test('a request writes a hundred lines, a probe none', async () => {
  assert.equal(await linesOf('/inventory'), 1)
  await whileSet(noisyLogs, async () => {
    await eventually(async () => assert.ok((await linesOf('/inventory')) >= 100))
    assert.equal(await linesOf('/health'), 0)
  })
  await eventually(async () => assert.equal(await linesOf('/inventory'), 1))
})

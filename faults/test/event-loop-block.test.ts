import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectives } from '@hello/monitoring/objectives'
import { eventually } from '@hello/test-support/eventually'
import { eventLoopBlock } from '../event-loop-block/fault.ts'
import { startFaultyApp } from './faulty-app.ts'
import { whileSet } from './flagged.ts'

const { app, metric } = await startFaultyApp('gateway')
const { seconds } = objectives.eventLoop

/** As Prometheus sees it: since the scrape before. */
const isHeldUp = async () => {
  await app.metrics.client.register.metrics()
  return (await metric('nodejs_eventloop_lag_p99_seconds')) > seconds
}

test('the event loop is held up while it is on, and health is answered', async () => {
  await eventually(async () => !(await isHeldUp()), { everyMs: 5000 })
  await whileSet(eventLoopBlock, async () => {
    await eventually(isHeldUp, { everyMs: 5000 })
    assert.equal((await app.inject('/health')).statusCode, 200)
  })
  await eventually(async () => !(await isHeldUp()), { everyMs: 5000 })
})

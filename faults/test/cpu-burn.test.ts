import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { eventually } from '@hello/test-support/eventually'
import { cpuBurn } from '../cpu-burn/fault.ts'
import { startFaultyApp } from './faulty-app.ts'
import { whileSet } from './flagged.ts'

const { app, metric } = await startFaultyApp('order')

/** Seconds of processor that the process uses while this thread rests, by the metric of the alert. */
async function usedAtRest(restMs: number) {
  const used = async () => {
    await app.metrics.client.register.metrics()
    return metric('process_cpu_seconds_total')
  }
  const before = await used()
  await delay(restMs)
  return (await used()) - before
}

test('a thread computes while it is on, and the event loop is free', async () => {
  await whileSet(cpuBurn, async () => {
    let used = 0
    await eventually(async () => {
      used += await usedAtRest(500)
      return used > 3
    })
    assert.equal((await app.inject('/health')).statusCode, 200)
  })
  await eventually(async () => (await usedAtRest(2000)) < 0.5)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { eventually } from '@hello/test-support/eventually'
import { memoryLeak } from '../memory-leak/fault.ts'
import { startFaultyApp } from './faulty-app.ts'
import { whileSet } from './flagged.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
/** Bytes: some seconds of what is kept, and more than the requests of a test leave behind. */
const kept = 32 * 1024 * 1024
const { app } = await startFaultyApp('order')

function usedAfterCollection() {
  collect()
  return getHeapStatistics().used_heap_size
}

test('what is kept outlives collections until it is over', async () => {
  const before = usedAfterCollection()
  await whileSet(memoryLeak, async () => {
    await eventually(() => usedAfterCollection() > before + kept, { everyMs: 1000 })
    assert.equal((await app.inject('/health')).statusCode, 200)
  })
  await eventually(() => usedAfterCollection() < before + kept / 2, { everyMs: 1000 })
})

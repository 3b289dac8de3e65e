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
const { app } = await startFaultyApp('order')

function usedAfterCollection() {
  collect()
  return getHeapStatistics().used_heap_size
}

test('what is kept outlives collections until it is over', async () => {
  const share = getHeapStatistics().heap_size_limit / 20
  const before = usedAfterCollection()
  await whileSet(memoryLeak, async () => {
    await eventually(() => usedAfterCollection() > before + share)
    assert.equal((await app.inject('/health')).statusCode, 200)
  })
  await eventually(() => usedAfterCollection() < before + share / 2)
})

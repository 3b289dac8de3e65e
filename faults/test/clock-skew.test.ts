import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadlineOf } from '@hello/service-kit/deadline'
import { deadlineHeader } from '@hello/service-kit/deadline-header'
import { eventually } from '@hello/test-support/eventually'
import { clockSkew } from '../clock-skew/fault.ts'
import { startFaultyApp } from './faulty-app.ts'
import { whileSet } from './flagged.ts'

const minute = 60_000
const { app, metric } = await startFaultyApp('product', (service) => {
  service.get('/deadline', (request) => ({ deadline: deadlineOf(request, minute) }))
})

const isBehind = async () => Date.now() - (await metric('process_clock_seconds')) * 1000 > minute

test('the clock of the lines is minutes slow, and deadlines are not', async () => {
  assert.equal(await isBehind(), false)
  await whileSet(clockSkew, async () => {
    await eventually(isBehind)
    const soon = Date.now() + minute / 2
    const answer = await app.inject({ url: '/deadline', headers: { [deadlineHeader]: String(soon) } })
    const { deadline } = answer.json()
    assert.ok(deadline <= soon && deadline > soon - minute / 4, `${deadline - soon} ms from what the caller gives`)
    assert.ok((await app.inject('/deadline')).json().deadline > soon, 'of a caller who gives none')
    assert.equal((await app.inject('/health')).statusCode, 200)
  })
  await eventually(async () => !(await isBehind()))
})

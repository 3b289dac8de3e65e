import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { requestTimeouts } from '@hello/service-kit/database'
import { timeBudget } from '../src/time-budget.ts'

const client = await readFile(new URL('../../../frontend/src/shared/api-client.ts', import.meta.url), 'utf8')
const database = requestTimeouts.batchWait + requestTimeouts.connectTimeout + requestTimeouts.statementTimeout

/** Who waits, and what it waits for: the first is longer. */
const longer: [waiting: string, time: number, awaited: string, most: number][] = [
  [
    'the browser',
    Number(/TIMEOUT_MS = ([\d_]+)/.exec(client)![1]!.replace('_', '')),
    'the frontend',
    timeBudget.frontend,
  ],
  ['the frontend', timeBudget.frontend, 'the gateway', timeBudget.gateway],
  ['the gateway', timeBudget.gateway, 'its first attempt', timeBudget.gatewayAttempt],
  ['an attempt of the gateway', timeBudget.gatewayAttempt, 'the order service', timeBudget.order],
  ['the order service', timeBudget.order - timeBudget.orderLastStatement, 'an attempt', timeBudget.upstreamAttempt],
  ['an attempt of the order service', timeBudget.upstreamAttempt, 'a statement of the other', database],
  ['an attempt of a recovery', timeBudget.recoveryAttempt, 'an attempt at the inventory', timeBudget.upstreamAttempt],
  // A call goes on working on its order after its answer, until its last statement has ended.
  [
    'recovery before it takes an order up',
    timeBudget.recoveryIdle,
    'a call that still works on it',
    timeBudget.order + database,
  ],
]

for (const [waiting, time, awaited, most] of longer) {
  test(`${waiting} (${time} ms) waits longer than ${awaited} takes (${most} ms)`, () => assert.ok(time > most))
}

test('the document has the same numbers', async () => {
  const document = await readFile(new URL('../../../docs/adr/0008-time-budget.md', import.meta.url), 'utf8')
  for (const [name, milliseconds] of Object.entries({ ...timeBudget, ...requestTimeouts })) {
    const row = new RegExp(`\\| \`${name}\` \\| ([\\d.]+) s \\|`).exec(document)
    assert.equal(Number(row?.[1]) * 1000, milliseconds, name)
  }
})

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allFaults } from '@hello/faults/all-faults'
import { parseDuration } from '@hello/faults/duration'
import { keepFault } from '@hello/faults/flag-store'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import { pages, shellBlocks } from '../../docs/test/code-blocks.ts'
import { startCustomers } from '../faults/customers.ts'
import type { Backends } from '../lib/panel-results.ts'
import { answersAsSaid } from './answers.ts'
import { learnQueries } from './document-queries.ts'
import { faultOf } from './filled-by.ts'
import { missingPrograms } from './programs.ts'

const skip = missingPrograms()

let shop: Shop
let backends: Backends
let customers: Awaited<ReturnType<typeof startCustomers>>

before(async () => {
  if (skip) return
  shop = await startShop({ signals: true, stack: true, durable: false })
  await shop.ready()
  const { prometheus, loki, jaeger } = shop.stackUrls as Required<Shop['stackUrls']>
  backends = { prometheus, loki, jaeger }
  customers = await startCustomers(shop.urls.gateway)
})

after(async () => {
  await customers?.stop()
  await shop?.stop()
})

/** What a page tells to type: the fault, and for how many milliseconds. */
function typed(command: string) {
  const [, name, time = ''] = /^make fault NAME=(\S+) FOR=(\w+)/.exec(command) ?? []
  const fault = allFaults.find((one) => one.name === name)
  const forMs = parseDuration(time)
  assert.ok(fault && forMs, command)
  return { fault, forMs }
}

const commands = pages
  .filter((page) => page.startsWith('docs/en/learn/'))
  .flatMap(shellBlocks)
  .filter(({ mark }) => mark?.what === 'e2e/panels/learn.test.ts')
  .flatMap(({ text }) => text.split('\n'))
  .map(typed)

const asked = learnQueries().filter(faultOf)
const faults = new Map(commands.map(({ fault, forMs }) => [fault.name, { fault, forMs }]))

test('a page turns on every fault that a page asks about, and no other', () =>
  assert.deepEqual([...faults.keys()].toSorted(), [...new Set(asked.map(faultOf))].toSorted()))

for (const { fault, forMs } of faults.values())
  describe(`the fault ${fault.name} fills`, { skip, concurrency: true }, () => {
    const ended = new AbortController()
    let kept: ReturnType<typeof keepFault>
    before(() => {
      kept = keepFault(shop.faults, fault, { forMs, signal: ended.signal })
    })
    after(async () => {
      ended.abort()
      await kept
    })
    for (const query of asked.filter((one) => faultOf(one) === fault.name))
      test(`${query.page}: ${query.query}`, () => answersAsSaid(query, backends))
  })

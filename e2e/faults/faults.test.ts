import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allFaults } from '@hello/faults/all-faults'
import { missingPrograms } from '../panels/programs.ts'
import { type Laboratory, openLaboratory, triedAlone } from './laboratory.ts'

/** FAULT=table-lock tries one. */
const wanted = process.env.FAULT?.split(',')
const tried = allFaults.filter(({ name }) => !wanted || wanted.includes(name))

/** By how many times faster than shipped the rules' time runs, and in how many shops at a time: most of it is waiting. */
const timeScale = 10
const shops = 4

for (const [how, faults] of [
  ['beside others', tried.filter(({ name }) => name !== triedAlone)],
  ['alone', tried.filter(({ name }) => name === triedAlone)],
] as const)
  describe(`a fault fires what it must, is shown by its evidence, and ends without a lost order: ${how}`, {
    skip: missingPrograms() || faults.length === 0,
    concurrency: shops,
  }, () => {
    const laboratories: Laboratory[] = []
    const free = () => laboratories.find((one) => one.free())!
    before(async () => {
      const open = async () => void laboratories.push(await openLaboratory(timeScale))
      const failed = (await Promise.allSettled(Array.from({ length: Math.min(shops, faults.length) }, open))).find(
        ({ status }) => status === 'rejected',
      )
      if (failed) throw (failed as PromiseRejectedResult).reason
    })
    after(() => Promise.all(laboratories.map((laboratory) => laboratory.close())))

    for (const fault of faults)
      test(fault.name, async () => {
        const { firedAfter, resolvedAfter, pages, others, unexpected, evidence, orders } = await free().try(fault)
        console.log(
          `${fault.name}: fired after ${firedAfter?.toFixed(1) ?? '-'} s, resolved after ${resolvedAfter?.toFixed(1) ?? '-'} s, pages: ${pages.join(', ') || 'none'}, others: ${others.join(', ') || 'none'}, unexpected: ${unexpected.join(', ') || 'none'}; ${orders} orders`,
        )
        assert.deepEqual(unexpected, [], 'alerts that must stay silent')
        for (const { query, before, during, after } of evidence) {
          assert.equal(before, 0, `before the fault there is evidence: ${query}`)
          assert.ok(during > 0, `no evidence during the fault: ${query}`)
          assert.equal(after, 0, `after the fault there is evidence: ${query}`)
        }
        assert.ok(orders > 0, 'nothing was bought: that proves nothing')
      })
  })

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allFaults } from '@hello/faults/all-faults'
import { missingPrograms } from '../panels/programs.ts'
import { openLaboratory } from './laboratory.ts'

const skip = missingPrograms()

/** FAULT=table-lock tries one. */
const tried = allFaults.filter(({ name }) => !process.env.FAULT || process.env.FAULT.split(',').includes(name))

describe('a fault fires what it must, is shown by its evidence, and ends without a lost order', { skip }, () => {
  let laboratory: Awaited<ReturnType<typeof openLaboratory>>
  before(async () => {
    laboratory = await openLaboratory(10)
  })
  after(() => laboratory?.close())

  for (const fault of tried)
    test(fault.name, async () => {
      const { firedAfter, resolvedAfter, pages, unexpected, evidence, orders } = await laboratory.try(fault)
      console.log(
        `${fault.name}: fired after ${firedAfter?.toFixed(1) ?? '-'} s, resolved after ${resolvedAfter?.toFixed(1) ?? '-'} s, pages: ${pages.join(', ') || 'none'}; ${orders} orders`,
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

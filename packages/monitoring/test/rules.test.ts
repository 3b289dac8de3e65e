import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsPromtool, promtool } from './promtool.ts'
import { scenarios } from './scenarios/all.ts'

test('the rules against promtool', { concurrency: 2, ...needsPromtool }, async (t) => {
  await Promise.all(
    scenarios.map((scenario) =>
      t.test(`${scenario.alert} ${scenario.title}`, async () => {
        assert.equal(await promtool([scenario]), undefined)
        assert.equal(await promtool([scenario], undefined, true), undefined)
      }),
    ),
  )
})

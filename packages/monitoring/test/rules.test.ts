import assert from 'node:assert/strict'
import { test } from 'node:test'
import { objectives } from '../src/objectives.ts'
import { needsPromtool, promtool } from './promtool.ts'
import { scenarios } from './scenarios/all.ts'

test('the rules against promtool', { concurrency: 2, ...needsPromtool }, async (t) => {
  await Promise.all(
    scenarios.map((scenario) =>
      t.test(`${scenario.alert} ${scenario.title}`, async () => {
        assert.equal(await promtool([scenario], objectives, true), undefined)
      }),
    ),
  )
})

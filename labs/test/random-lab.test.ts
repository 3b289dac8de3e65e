import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incidentLabs } from '../src/all-labs.ts'
import { pickLab } from '../src/random-lab.ts'

test('ten seeds give labs that are there, each time the same', () => {
  const pick = () => Array.from({ length: 10 }, (_, seed) => pickLab(incidentLabs, String(seed)))
  assert.deepEqual(pick(), pick())
  assert.ok(new Set(pick()).size > 3)
})

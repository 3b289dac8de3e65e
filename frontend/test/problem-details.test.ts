import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { problemDetailsKo } from '../src/shared/problem-details-ko.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = globSync('{packages/*/src,services/*/src,frontend/server,local/signals}/problems.ts', {
  cwd: root,
})

test('Korean pages have words for every type of problem that the shop defines', () => {
  const defined = sources.flatMap((file) =>
    [...readFileSync(`${root}/${file}`, 'utf8').matchAll(/defineProblem\(\s*'([a-z-]+)'/g)].map(([, type]) => type!),
  )
  assert.ok(defined.length > 20)
  const missing = [...new Set(defined)].filter((type) => !(type in problemDetailsKo))
  assert.deepEqual(missing, [], 'add them to frontend/src/shared/problem-details-ko.ts')
})

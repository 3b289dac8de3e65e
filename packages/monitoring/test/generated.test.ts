import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileOf, generatedFiles } from '../src/generate.ts'

for (const [path, content] of Object.entries(generatedFiles)) {
  test(`charts/observability/generated/${path} is what the code makes`, () => {
    assert.equal(readFileSync(fileOf(path), 'utf8'), content, 'run: npm run generate --workspace=@hello/monitoring')
  })
}

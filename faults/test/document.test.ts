import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { languages, pageOf, withFaults } from '../src/document.ts'

for (const language of languages) {
  test(`docs/${language}/faults.md has every fault as it is defined`, () => {
    const page = readFileSync(pageOf(language), 'utf8')
    assert.equal(page, withFaults(page, language), 'run: npm run generate --workspace=@hello/faults')
  })
}

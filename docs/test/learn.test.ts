import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import { states } from '@hello/monitoring/panels'
import { codeBlocks, readPage, root } from './code-blocks.ts'

const filesIn = (language: string) =>
  globSync(`docs/${language}/learn/*.md`, { cwd: root }).map((file) => basename(file))
const files = filesIn('en').sort()

/** One idea each, of at most two screens. */
const concepts = [
  'promql.md',
  'alert-rules.md',
  'structured-logs.md',
  'log-collection.md',
  'log-queries.md',
  'instrumentation.md',
  'context-propagation.md',
  'trace-analysis.md',
  'correlation.md',
  'dashboards.md',
  'incident-response.md',
]
const twoScreens = 90

const inBoth = (file: string) => [`docs/en/learn/${file}`, `docs/ko/learn/${file}`] as const
const levels = (page: string) => Array.from(readPage(page).matchAll(/^(#+) /gm), ([, level]) => level)

/** Blocks with what is said of them, and without what a shell's comments say in a language. */
const blocks = (page: string) =>
  codeBlocks(page).map(({ language, text, above }) => ({
    language,
    text: language === 'sh' ? text.replaceAll(/ *#.*$/gm, '') : text,
    mark: above?.trim().startsWith('<!--') ? above.trim() : undefined,
  }))

test('learners find the same pages in both languages', () => assert.deepEqual(filesIn('ko').sort(), files))

for (const file of files)
  test(`${file} has the same headings and blocks in both languages`, () => {
    const [english, korean] = inBoth(file)
    assert.deepEqual(levels(korean), levels(english))
    assert.deepEqual(blocks(korean), blocks(english))
  })

for (const page of concepts.flatMap(inBoth))
  describe(page, () => {
    const text = readPage(page).trimEnd()

    test('has at most two screens, queries, and three questions whose answers are folded', () => {
      assert.ok(text.split('\n').length <= twoScreens, `${text.split('\n').length} lines`)
      assert.ok(blocks(page).some(({ language }) => /^(promql|logql|jaeger)$/.test(language)))
      assert.equal(text.match(/^<details><summary>.+<\/summary>$/gm)?.length, 3)
      assert.equal(text.match(/^<\/details>$/gm)?.length, 3)
    })

    test('names states that the tests of the stack bring about', () => {
      for (const { mark } of blocks(page)) {
        const state = /^<!-- filled by: (?:fault (\S+)|(.+)) -->$/.exec(mark ?? '')
        if (state?.[1]) assert.ok(existsSync(join(root, 'faults', state[1], 'fault.ts')), mark)
        if (state?.[2]) assert.ok(state[2] in states, mark)
      }
    })

    test('is named in the table of contents', () => {
      const contents = page.replace(/[^/]+$/, 'README.md')
      assert.ok(readPage(contents).includes(`](${basename(page)})`), contents)
    })
  })

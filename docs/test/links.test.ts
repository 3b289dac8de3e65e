import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { pages, readPage, root } from './code-blocks.ts'

/** What GitHub makes of a heading for the end of an address. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')

const anchors = (page: string) => Array.from(readPage(page).matchAll(/^#+ (.*)$/gm), ([, heading]) => anchor(heading!))

for (const page of pages) {
  test(`the links of ${page} lead somewhere`, () => {
    for (const [link, target = '', hash] of readPage(page).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const file = target === '' ? page : normalize(join(dirname(page), target))
      assert.ok(existsSync(join(root, file)), `${link}: ${file} is not there`)
      if (hash && statSync(join(root, file)).isFile())
        assert.ok(anchors(file).includes(decodeURIComponent(hash)), `${link}: ${file} has no such heading`)
    }
  })
}

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import { pages, readPage, root, shellBlocks } from './code-blocks.ts'

const read = (file: string) => readFileSync(join(root, file), 'utf8')
const blocks = pages.flatMap(shellBlocks)
const targets = new Set(Array.from(read('Makefile').matchAll(/^([a-z][\w-]*):(?!=)/gm), ([, target]) => target!))

/** All commands of a page: its shell blocks, and what stands in backquotes. */
function commands(page: string): string[] {
  const spans = Array.from(readPage(page).matchAll(/`([^`\n]+)`/g), ([, code]) => code!)
  return [...shellBlocks(page).flatMap(({ text }) => text.split('\n')), ...spans].map((line) =>
    line.replace(/ +#.*/, ''),
  )
}

describe('every shell block of every document', () => {
  test('is run by a test, or says why not', () => {
    assert.ok(blocks.length > 60, `${blocks.length} blocks`)
    const unmarked = blocks.filter(({ mark }) => !mark).map(({ page, line }) => `${page}:${line}`)
    assert.deepEqual(unmarked, [], 'put <!-- run by: TEST-FILE --> or <!-- not run: WHY --> above them')
  })

  for (const file of new Set(blocks.flatMap(({ mark }) => (mark?.kind === 'run by' ? mark.what : [])))) {
    test(`that is said to be run by ${file} is known there`, () => {
      const code = read(file)
      for (const { page, line, mark } of blocks)
        if (mark?.what === file)
          assert.ok(
            /\bshellBlocks\b/.test(code) || code.includes(basename(page)),
            `${file} does not read ${page}:${line}`,
          )
    })
  }
})

for (const page of pages) {
  test(`what ${page} tells to run is there`, () => {
    for (const command of commands(page)) {
      for (const [, target] of command.matchAll(/(?:^|[;&|(] *|[A-Z_]+=\S+ )make ((?:[a-z][\w-]* ?)+)/g))
        for (const name of target!.trim().split(' ')) assert.ok(targets.has(name), `make ${name} in: ${command}`)
      for (const [, script, workspace] of command.matchAll(
        /npm run (?:--silent )?([\w:]+) (?:-w|--workspace)[ =](\S+)/g,
      )) {
        const name = workspace!.replace('@hello/', '')
        const manifest = [`${name}/package.json`, `packages/${name}/package.json`].find((file) =>
          existsSync(join(root, file)),
        )
        assert.ok(manifest && JSON.parse(read(manifest)).scripts[script!], command)
      }
      for (const [, file] of command.matchAll(
        /\bnode (?:--test )?((?:local|cluster|e2e|packages|services)\/[\w./-]+)/g,
      ))
        assert.ok(existsSync(join(root, file!)), command)
      for (const [, file] of command.matchAll(/(?<=[ =])((?:charts|services)\/[\w./-]+)/g))
        assert.ok(existsSync(join(root, file!)), command)
    }
  })
}

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, test } from 'node:test'
import { findChromium } from './chromium.ts'

const folder = mkdtempSync(join(tmpdir(), 'chromium-'))
const environment = { ...process.env }
afterEach(() => {
  process.env = { ...environment }
})
after(() => rmSync(folder, { recursive: true }))

function program(name: string, code: number): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\nexit ${code}\n`, { mode: 0o755 })
  return path
}

test('the Chromium on PATH is taken, and none that does not run', () => {
  program('chromium-browser', 1) // as Ubuntu's, where snap is missing
  const chrome = program('google-chrome', 0)
  delete process.env.CHROMIUM_PATH
  process.env.PATH = folder
  assert.equal(findChromium(), chrome)
})

test('CHROMIUM_PATH is taken before any other, and told of where it does not run', () => {
  const own = program('own', 0)
  process.env.CHROMIUM_PATH = own
  assert.equal(findChromium(), own)
  process.env.CHROMIUM_PATH = join(folder, 'missing')
  assert.throws(findChromium, /CHROMIUM_PATH=.*missing is no Chromium that runs/)
})

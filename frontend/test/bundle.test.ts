import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

const root = fileURLToPath(new URL('../', import.meta.url))

let outDir: string
let modules: string[]

before(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'dist-'))
  const { output } = (await build({ root, logLevel: 'error', build: { outDir } })) as Rolldown.RolldownOutput
  modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
})

after(() => rm(outDir, { recursive: true }))

test('of the services and packages the bundle has nothing: their types are all that is imported', () => {
  assert.ok(modules.some((path) => path.endsWith('/frontend/src/main.tsx')))
  assert.deepEqual(
    modules.filter((path) => /\/(packages|services|typebox)\//.test(path)),
    [],
  )
})

test('the first load is under 100 kB of JavaScript, gzipped, and needs no inline code', async (t) => {
  const page = await readFile(join(outDir, 'index.html'), 'utf8')

  const scripts = [...page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path]) => path!)
  assert.ok(scripts.length > 0)
  const sizes = await Promise.all(scripts.map(async (path) => gzipSync(await readFile(join(outDir, path))).length))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  t.diagnostic(`first load: ${(total / 1000).toFixed(1)} kB of JavaScript, gzipped`)
  assert.ok(total < 100_000, `${total} bytes`)

  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=/)
})

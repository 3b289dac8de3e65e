import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ProblemKind } from '@hello/service-kit/problem'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const sources: string[] = []
for await (const path of glob('{packages,services,frontend,local}/**/*.ts', {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|test|testing)$/.test(path),
})) {
  sources.push(path)
}

const defined: ProblemKind[] = []
for (const path of sources.filter((path) => path.endsWith('/problems.ts'))) {
  for (const exported of Object.values(await import(`${root}${path}`))) {
    const { kind } = exported as { kind?: ProblemKind }
    if (kind) defined.push(kind)
  }
}

test('a kind of problem is defined in a problems.ts and nowhere else', async () => {
  const elsewhere: string[] = []
  for (const path of sources) {
    const defines = /\bdefineProblem\(/.test(
      (await readFile(root + path, 'utf8')).replace('function defineProblem(', ''),
    )
    if (defines && !path.endsWith('/problems.ts')) elsewhere.push(path)
  }
  assert.deepEqual(elsewhere, [])
})

test('each kind is defined once, and documented in docs/problems.md with its status and its title', async () => {
  const text = await readFile(`${root}docs/problems.md`, 'utf8')
  const documented = [...text.matchAll(/^### (.+)\n\n(\d{3}) "(.+?)"\. /gm)].map(([, type, status, title]) => ({
    type,
    status: Number(status),
    title,
  }))
  const byType = (kinds: { type?: string | undefined }[]) =>
    kinds.toSorted((a, b) => String(a.type).localeCompare(String(b.type)))
  assert.ok(defined.length > 20)
  assert.deepEqual(byType(documented), byType(defined))
})

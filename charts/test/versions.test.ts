import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { read, run } from '../../cluster/src/command.ts'
import { released, root, skip } from '../../e2e/lib/released.ts'

const git = (...args: string[]) => ['-C', root, ...args]

for (const chart of ['service', 'postgres', 'observability'])
  test(`charts/${chart}, where it changed since the last release, has another version`, { skip }, async () => {
    const folder = `charts/${chart}`
    const { code } = await run('git', git('diff', '--quiet', released, '--', folder))
    const before = parse(await read('git', git('show', `${released}:${folder}/Chart.yaml`)))
    const now = parse(await readFile(join(root, folder, 'Chart.yaml'), 'utf8'))
    assert.equal(now.version !== before.version, code === 1, `${before.version} then, ${now.version} now`)
  })

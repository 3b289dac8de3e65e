import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { services } from '@hello/shop/services'
import { pages, shellBlocks } from '../docs/test/code-blocks.ts'

/** Where each address of `make local` is in this shop. */
function addresses(): [documented: string, here: string][] {
  const management = new Map(
    (process.env.MANAGEMENT_URLS ?? '').split(',').map((entry) => entry.split('=') as [string, string]),
  )
  return services.flatMap(({ name, port, managementPort }) => [
    [`localhost:${port}`, new URL(process.env[`${name.toUpperCase()}_URL`]!).host],
    [`localhost:${managementPort}`, new URL(management.get(name)!).host],
  ])
}

const blocks = pages.flatMap(shellBlocks).filter(({ mark }) => mark?.what === 'e2e/documents.test.ts')

const skip = spawnSync('curl', ['--version']).error ? 'curl is not on PATH' : false

describe('what the documents ask a running shop', { skip }, () => {
  for (const { page, line, text } of blocks) {
    test(`${page}:${line}`, () => {
      const script = addresses().reduce((script, [documented, here]) => script.replaceAll(documented, here), text)
      const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { encoding: 'utf8' })
      assert.equal(status, 0, `${script}\n${stdout}${stderr}`)
      assert.notEqual(stdout.trim(), '', script)
      for (const [, code] of stdout.matchAll(/^HTTP\/1\.1 (\d+)/gm)) assert.match(code!, /^2/, stdout)
    })
  }

  test('is asked', () => assert.ok(blocks.length > 0))
})

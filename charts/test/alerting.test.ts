import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { codeBlocks } from './code-blocks.ts'
import { renderPage } from './page.ts'
import { needs } from './programs.ts'

const page = new URL('../../docs/en/alerting.md', import.meta.url)

/** The Secrets and keys that an AlertmanagerConfig names, anywhere within. */
function named(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const { name, key } = value as { name?: string; key?: string }
  if (name && key) return [`${name} ${key}`]
  return Object.values(value).flatMap(named)
}

describe('what docs/en/alerting.md connects', needs('helm', 'kubectl'), () => {
  test('reads every key of the Secret that the page makes, and no other', () => {
    const [rendered] = renderPage('alerting.md')
    const { metadata, spec } = parseAllDocuments(rendered!)
      .map((document) => document.toJS())
      .find((object) => object?.kind === 'AlertmanagerConfig')
    const command = codeBlocks(page)
      .find(({ text }) => text.includes('create secret'))!
      .text.trim()
    const made = spawnSync('bash', ['-euc', `${command} --dry-run=client --output=yaml`], { encoding: 'utf8' })
    assert.equal(made.status, 0, made.stderr)
    const secret = parse(made.stdout)
    assert.equal(secret.metadata.namespace, metadata.namespace)
    assert.deepEqual(
      [...new Set(named(spec.receivers))].toSorted(),
      Object.keys(secret.data)
        .map((key) => `${secret.metadata.name} ${key}`)
        .toSorted(),
    )
  })
})

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { gateway } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'

const { call } = shopClient(gateway)

const contract = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8')
/** The calls of the contract's tables, but for the internal ones. */
const documented = [...contract.matchAll(/^\| `(GET|POST|PUT) (\/[^` ]*)`(?: `[^`]*`)? \| (?!internal)/gm)].map(
  ([, method, path]) => `${method} ${path}`,
)

test('docs/api.md has the calls that the gateway answers, and no others', async () => {
  const { body } = await call('GET', '/docs/json')
  const answered = Object.entries(body.paths as Record<string, object>).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/^\/api/, '')}`),
  )
  const own = (one: string) => !/ \/(health|docs|alerts|faults|lab)/.test(one)
  assert.deepEqual(documented.filter(own).toSorted(), answered.filter(own).toSorted())
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import type { Span } from '@hello/signals-api/span'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'

const collector = await startCollector()
const fixture = await startFixture(collector.url, { DATABASE_URL: await createTestDatabase() })

const get = (path: string) => fetch(`${fixture.url}${path}`)
const named = (spans: Span[], name: string) => spans.find((span) => span.name === name)

describe('SQL', () => {
  test('is spans called by statement, with the text and without values', async () => {
    const { all } = await collector.trace(await get('/rows/hunter2'))
    const prepared = named(all, 'item-find')!
    assert.equal(prepared.kind, 'client')
    assert.equal(prepared.attributes['db.system.name'], 'postgresql')
    assert.equal(prepared.attributes['db.operation.name'], 'SELECT')
    assert.equal(prepared.attributes['db.query.text'], 'SELECT id FROM items WHERE id = $1')
    assert.equal(named(all, 'SELECT items')!.attributes['db.query.text'], 'SELECT id FROM items WHERE id = ? LIMIT ?')
    const sql = all.filter(({ attributes }) => attributes['db.system.name'])
    assert.ok(!JSON.stringify(sql).includes('hunter2'))
  })

  test('that fails is an error span', async () => {
    const { all } = await collector.trace(await get('/broken-rows'))
    assert.equal(named(all, 'SELECT nowhere')!.status, 'error')
  })

  test('outside of a request, as in a migration, is no span', () => {
    assert.deepEqual(
      collector.spans.filter((span) => span.kind === 'client' && span.parentSpanId === null),
      [],
    )
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redactSearch, redactText } from '../src/redact.ts'

for (const [text, shown] of [
  ['/items?token=a&limit=5', '/items?token=REDACTED&limit=5'],
  ['/items?hunter2', '/items?REDACTED'],
  ['/items?limit=5;token=a', '/items?limit=REDACTED'],
  ['/items?limit=5#token=a', '/items?limit=REDACTED'],
  ['/items?limit=/x?token=a', '/items?limit=REDACTED'],
  ['/items?LIMIT=5&%6cimit=5', '/items?LIMIT=REDACTED&%6cimit=REDACTED'],
  ['/items?token=a=b==&&x', '/items?token=REDACTED&&REDACTED'],
  ['GET "/a?b=c" and </d?e=f> failed', 'GET "/a?b=REDACTED" and </d?e=REDACTED> failed'],
  ['items?token=a', 'items?token=REDACTED'],
  ['http://user:p@ss@shop/x', 'http://REDACTED:REDACTED@shop/x'],
  ['postgres://token@db', 'postgres://REDACTED:REDACTED@db'],
  ['file:///work/node_modules/@hello/x.ts', 'file:///work/node_modules/@hello/x.ts'],
  ['SELECT id FROM items WHERE id = ? AND n IN (?,?)', 'SELECT id FROM items WHERE id = ? AND n IN (?,?)'],
  ['Is it there?Yes', 'Is it there?Yes'],
] as const) {
  test(`${text} is shown as ${shown}`, () => assert.equal(redactText(text), shown))
}

test('a query that stands for itself is redacted too', () => {
  assert.equal(redactSearch('?hunter2&limit=5'), '?REDACTED&limit=5')
  assert.equal(redactSearch('hunter2&limit=5'), 'REDACTED&limit=5')
  assert.equal(redactSearch(''), '')
})

for (const piece of ['?', 'a', '"?a', '/', '://'])
  test(`of a hundred times as many ${piece} each takes no longer, as it would if a stranger's text were looked at again and again`, () => {
    /** CPU time, of which a busy machine takes no more, in microseconds; only the sum of its two parts is exact. */
    function used(): number {
      const { user, system } = process.cpuUsage()
      return user + system
    }
    /** For a piece. */
    function cost(pieces: number): number {
      const text = `?${piece.repeat(pieces)}?`
      const before = used()
      redactText(text)
      return (used() - before) / pieces
    }
    const times = [cost(3000), cost(3000), cost(3000)]
    assert.ok(cost(300_000) < 10 * Math.max(...times), `${times}`)
  })

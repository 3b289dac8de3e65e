import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createApp } from '../src/app.ts'

const app = await createApp({ name: 'test', logLevel: 'silent' })
app.post('/echo', ({ body }) => ({ body }))
app.post('/size', ({ body }) => ({ size: Array.isArray(body) ? body.length : (body as { a: string }).a.length }))
after(() => app.close())

const post = (payload: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  app.inject({ method: 'POST', url: '/echo', payload, headers })

describe('JSON that cannot be kept as it was sent is refused with 400', () => {
  const replaced = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
  for (const [what, body, detail] of [
    ['bytes that are no UTF-8', replaced, /UTF-8/],
    ['UTF-8 of a surrogate', Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'), /UTF-8/],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), /JSON/],
    ['a byte order mark', '\ufeff{"a":1}', /byte order mark/],
    ['half a surrogate pair', '{"a":"\\ud800"}', /surrogate/],
    ['the other half', '{"a":["x",{"b":"\\udc00\\ud800"}]}', /surrogate/],
    ['half a surrogate pair in a name', '{"a":{"\\ud800":1}}', /surrogate/],
    ['a name twice', '{"a":1,"a":1}', /two members/],
    ['a name twice, once escaped', '{"b":[{"a":1,"\\u0061":1}]}', /two members/],
    ['a name twice beside text with colons', '{"a":"\\":{:","a":"\\\\"}', /two members/],
    ['a prototype', '{"__proto__":{"a":1}}', /JSON/],
    ['nothing', '', /empty/],
  ] as const) {
    test(what, async () => {
      const answer = await post(body)
      assert.equal(answer.statusCode, 400)
      assert.match(answer.json().detail, detail)
    })
  }
})

describe('JSON that can be kept comes as it was sent', () => {
  for (const body of [
    '{"a":"\\ud83d\\ude00","b":"\\\\ud800","c":"😀"}',
    '{"a":":","b":{"a":[{"a":1},{"a":"{\\"a\\":1}"}]}}',
    ' [1, "a", null, true] ',
    '"text"',
    '{"\\"":1,"":2}',
  ]) {
    test(body, async () => assert.deepEqual((await post(body)).json(), { body: JSON.parse(body) }))
  }

  test('a mebibyte of text, and of nesting', async () => {
    for (const body of [`{"a":"${'x\\"'.repeat(340_000)}"}`, `${'['.repeat(100_000)}${']'.repeat(100_000)}`]) {
      const answer = await app.inject({
        method: 'POST',
        url: '/size',
        payload: body,
        headers: { 'content-type': 'application/json' },
      })
      assert.equal(answer.statusCode, 200)
      assert.equal(answer.json().size, JSON.parse(body).length ?? JSON.parse(body).a.length)
    }
  })
})

describe('415 for', () => {
  for (const [what, headers] of [
    ['text', { 'content-type': 'text/plain' }],
    ['no type', {}],
    ['gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ] as const) {
    test(what, async () => {
      const answer = await post('{}', headers)
      assert.equal(answer.statusCode, 415)
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    })
  }
})

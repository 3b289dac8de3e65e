import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Type } from 'typebox'
import { createApp } from '../src/app.ts'

const app = await createApp({ name: 'test', logLevel: 'silent' })
const numbers = Type.Object({
  whole: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  share: Type.Optional(Type.Number()),
  text: Type.Optional(Type.String()),
})
app.get('/query', { schema: { querystring: numbers } }, ({ query }) => query as object)
app.get('/path/:whole', { schema: { params: numbers } }, ({ params }) => params as object)
app.get('/headers', { schema: { headers: numbers } }, ({ headers }) => ({ whole: headers.whole }))
after(() => app.close())

const inEachPlace = (text: string) => [
  { url: `/query?whole=${encodeURIComponent(text)}` },
  { url: `/path/${encodeURIComponent(text)}` },
  { url: '/headers', headers: { whole: text } },
]

describe('a number in a query, a path or a header', () => {
  test('is decimal digits', async () => {
    for (const request of inEachPlace('42')) {
      const answer = await app.inject(request)
      assert.equal(answer.statusCode, 200, answer.body)
      assert.equal(answer.json().whole, 42)
    }
    assert.deepEqual((await app.inject('/query?share=1.50&text=1e1')).json(), { share: 1.5, text: '1e1' })
  })

  for (const text of [
    '1e400',
    'Infinity',
    '-1e999',
    '0x10',
    '0b1',
    '1e1',
    ' 5',
    '5 ',
    '+5',
    '-5',
    '5.0',
    '5_0',
    '٥',
    '9'.repeat(400),
    'true',
    'null',
  ]) {
    test(`is nothing like "${text.slice(0, 20)}": 400`, async () => {
      for (const request of inEachPlace(text)) {
        const answer = await app.inject(request)
        assert.equal(answer.statusCode, 400, request.url)
        assert.equal(answer.json().field, 'whole')
      }
      assert.equal((await app.inject(`/query?share=${encodeURIComponent(`${text}.`)}`)).statusCode, 400)
    })
  }

  test('is there once: 400', async () => {
    for (const query of ['whole=1&whole=2', 'whole=1&whole=1', 'share=1&share=2', 'text=a&text=b']) {
      const answer = await app.inject(`/query?${query}`)
      assert.equal(answer.statusCode, 400, query)
      assert.match(answer.json().detail, /once/)
    }
  })
})

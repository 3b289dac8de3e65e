import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { gateway } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'
import { assertRefused } from './refusals.ts'

const { stock, stockProduct } = shopClient(gateway)

const { id: product } = await stockProduct(1_000)
after(async () => assert.equal(await stock(product), 1_000, 'nothing that was refused has an effect'))

const calls = [
  { method: 'POST', path: '/api/products', number: 'price', valid: { name: 'Kettle', price: 1 } },
  { method: 'PUT', path: `/api/inventory/${product}`, number: 'quantity', valid: { quantity: 1 } },
  { method: 'POST', path: '/api/inventory/check', number: 'quantity', valid: { productId: product, quantity: 1 } },
  { method: 'POST', path: '/api/orders', number: 'quantity', valid: { productId: product, quantity: 1 } },
]

for (const { method, path, number, valid } of calls) {
  describe(`${method} ${path.replace(product, '{id}')}`, () => {
    const json = JSON.stringify(valid)
    /** The valid body with `token` in the place of its number. */
    const withNumber = (token: string) => json.replace(`"${number}":1`, `"${number}":${token}`)
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

    for (const [name, body] of [
      ['nothing', ''],
      ['blanks', '  \n '],
      ['text', 'hello'],
      ['an open object', '{"'],
      ['a trailing comma', json.replace('}', ',}')],
      ['two objects', json + json],
      ['comments', `/* */ ${json}`],
      ['single quotes', json.replaceAll('"', "'")],
      ['bytes that are no UTF-8', Buffer.concat([Buffer.from('{"'), Buffer.from([0xff, 0xfe]), Buffer.from('":1}')])],
      ['a NUL byte', `\0${json}`],
      ['a byte order mark', `\ufeff${json}`],
      ['a field twice', json.replace('{', `{"${number}":1,`)],
      ['NaN', withNumber('NaN')],
      ['Infinity', withNumber('-Infinity')],
      ['hexadecimals', withNumber('0x10')],
      ['a leading zero', withNumber('01')],
    ] as const) {
      test(`400 for ${name} instead of JSON`, () => assertRefused(400, method, path, body))
    }

    for (const [name, body] of [
      ['null', 'null'],
      ['a number', '1'],
      ['a string', '"x"'],
      ['an array', '[]'],
      ['an array around it', `[${json}]`],
      ['an empty object', '{}'],
      ['an unknown field', json.replace('{', '{"extra":1,')],
      ['a prototype', json.replace('{', '{"__proto__":{"admin":true},')],
      ['a constructor', json.replace('{', '{"constructor":{"prototype":{}},')],
      ['a negative number', withNumber('-1')],
      ['1e308', withNumber('1e308')],
      ['1e999', withNumber('1e999')],
      ['-1e308', withNumber('-1e308')],
      ['a number of a thousand digits', withNumber('9'.repeat(1000))],
      ['three decimals', withNumber('0.001')],
      ['null as the number', withNumber('null')],
      ['true as the number', withNumber('true')],
      ['digits in text', withNumber('"1"')],
      ['an object as the number', withNumber('{"$gt":0}')],
      ['an array as the number', withNumber('[1]')],
      ['deep JSON', nested(10_000)],
      ['deep JSON in a field', withNumber(nested(100_000))],
      ['deep objects', '{"a":'.repeat(50_000) + 1 + '}'.repeat(50_000)],
    ] as const) {
      test(`400 for ${name}`, () => assertRefused(400, method, path, body))
    }

    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense', '']) {
      test(`415 for a body of "${type}"`, () => assertRefused(415, method, path, json, { 'content-type': type }))
    }

    test('415 for a body of no type', () => assertRefused(415, method, path, json, { 'content-type': '' }))

    test('413 for a body of 2 MB', async () => {
      const large = JSON.stringify({ ...valid, padding: 'x'.repeat(2_000_000) })
      await assertRefused(413, method, path, large)
      await assertRefused(413, method, path, large, { 'transfer-encoding': 'chunked' })
    })

    test('400 for a body just below 1 MiB with an unknown field', () =>
      assertRefused(400, method, path, JSON.stringify({ ...valid, padding: 'x'.repeat(1_000_000) })))
  })
}

describe('ids', () => {
  const ids = {
    'of 10,000 characters': 'a'.repeat(10_000),
    'of 65 characters': 'a'.repeat(65),
    'with a NUL byte': 'a%00b',
    'of a NUL byte': '%00',
    'with a stray %': '%',
    'that are no UTF-8': '%ff%fe',
    'with a line break': 'a%0d%0aset-cookie:%20a=b',
    'with a slash': 'a%2fb',
    'that lead upwards': '..%2f..%2freservations',
    'with a quote': "'%20OR%201=1--",
    'with emoji': '%F0%9F%AB%96',
    'that are blank': '%20',
  }
  for (const [name, id] of Object.entries(ids)) {
    test(`${name}: 400`, async () => {
      for (const collection of ['products', 'inventory', 'orders']) {
        await assertRefused(400, 'GET', `/api/${collection}/${id}`)
      }
      await assertRefused(400, 'PUT', `/api/inventory/${id}`, '{"quantity":1}')
    })
  }

  test('in bodies: 400', async () => {
    for (const id of ['', ' ', 'a'.repeat(10_000), 'a\0b', '../x', '한국어', 'a'.repeat(65)]) {
      const body = JSON.stringify({ productId: id, quantity: 1 })
      for (const path of ['/api/orders', '/api/inventory/check']) await assertRefused(400, 'POST', path, body)
    }
  })
})

describe('names', () => {
  for (const [what, name] of Object.entries({
    blank: ' \t ',
    'of 201 characters': 'a'.repeat(201),
    'of 10,000 characters': 'a'.repeat(10_000),
    'with a NUL byte': 'a\0b',
    'of half a surrogate pair': 'a\ud800',
    'of nothing that can be seen': '\u200b\u2060\u00ad\u3164\u{e0041}\u{1d173}\u2800',
    'of control characters': '\u0001\u001b\u0085',
  })) {
    test(`${what}: 400`, () => assertRefused(400, 'POST', '/api/products', JSON.stringify({ name, price: 1 })))
  }

  test('of bytes that are no UTF-8: 400', () =>
    assertRefused(400, 'POST', '/api/products', Buffer.from('{"name":"caf\xe9","price":1}', 'latin1')))
})

describe('headers', () => {
  for (const [name, headers, status] of [
    ['another expectation', { expect: 'a-miracle' }, 417],
    ['a name that is not the shop’s', { host: 'attacker.example' }, 421],
    ['more than a server takes', { 'x-long': 'a'.repeat(40_000) }, 431],
    ['a coding of the body', { 'content-encoding': 'gzip' }, 415],
  ] as const) {
    test(`${name}: ${status}`, async () => {
      for (const { method, path, valid } of calls) {
        await assertRefused(status, method, path, JSON.stringify(valid), headers)
      }
      if (status !== 415) await assertRefused(status, 'GET', '/api/products', undefined, headers)
    })
  }

  const order = JSON.stringify({ productId: product, quantity: 1001 })

  test('an Idempotency-Key that is empty, long or not visible ASCII: 400', async () => {
    for (const key of ['', 'a'.repeat(129), 'a b', 'caf\u00e9']) {
      await assertRefused(400, 'POST', '/api/orders', JSON.stringify({ productId: product, quantity: 1 }), {
        'idempotency-key': key,
      })
    }
  })

  test('an If-Match that is no entity tag never matches: 412', async () => {
    for (const tag of ['nonsense', '"01000"', '"', 'W/"1000"', '"-1"', '"1e3"', '"99999999999999999999"']) {
      await assertRefused(412, 'PUT', `/api/inventory/${product}`, '{"quantity":5}', { 'if-match': tag })
    }
  })

  test('If-None-Match: * never matches what is stocked: 412', () =>
    assertRefused(412, 'PUT', `/api/inventory/${product}`, '{"quantity":5}', { 'if-none-match': '*' }))

  test('a deadline that is no time is as good as none', async () => {
    for (const deadline of ['tomorrow', '-1', 'NaN', '1e308', '0']) {
      await assertRefused(400, 'POST', '/api/orders', order, { 'x-request-deadline': deadline })
    }
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exchange, request } from './raw-connection.ts'
import { anHonestClientSeesNothing, attackEach, management, servers } from './shop-under-attack.ts'

anHonestClientSeesNothing()

const long = 'a'.repeat(8000)

describe('no target leads to a 5xx or to a closed connection without an answer', { concurrency: 4 }, () => {
  for (const target of [
    '*',
    '//',
    '///api//products',
    '/./././health',
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%5c..%5cpackage.json',
    '/docs/static/../../package.json',
    '/docs/static/..%2f..%2fpackage.json',
    '/docs/static/a%00b',
    '/docs/static/%',
    '/assets/a%00b',
    '/assets/%ff',
    '/%',
    '/%zz',
    '/%c0%ae%c0%ae/',
    '/%ff%fe',
    '/\u00e9',
    '/a?b#c',
    '/#',
    '/?',
    '/?%',
    '/?%00=%ff',
    `/?${'a&'.repeat(4000)}`,
    `/?${'a[]=1&'.repeat(1000)}`,
    '/?__proto__[x]=1&constructor.prototype.x=1',
    `/${long}`,
    `/api/products/${long}`,
    `/api/products?after=${long}`,
    '/api/products/%2e%2e%2freservations',
    '/api/reservations/1',
    '/reservations/%00',
    '/api/products;x=1',
    '/api/products/',
    '/API/PRODUCTS',
    '/health%00',
    'http://attacker.example/health',
    'http://localhost/health',
    'https://localhost:99999/',
    'http://',
    'ftp://localhost/x',
    'javascript:alert(1)',
    '/signals/api/../../api/products',
    '/signals/api/traces/%00',
    '/otlp/v1/../traces',
    '/livez',
    '/readyz',
    '/metrics',
  ]) {
    test(`GET ${target.slice(0, 60)}`, async () => {
      await attackEach(target.slice(0, 60), request(`GET ${target} HTTP/1.1`))
    })
  }
})

describe('without the page of faults nobody outside can set one', { concurrency: 4 }, () => {
  const body = JSON.stringify({ ratio: 1, seconds: 3600 })
  for (const path of ['/faults/api/faults', '/faults/api/faults/table-lock', '/api/faults', '/api/faults/table-lock'])
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
      test(`${method} ${path}`, async () => {
        for (const server of ['frontend', 'gateway'] as const) {
          const bytes = request(
            `${method} ${path} HTTP/1.1`,
            ...['Accept: text/html', 'Sec-Fetch-Site: same-origin', 'Content-Type: application/json'],
            `Content-Length: ${body.length}`,
          )
          const { statuses, text } = await exchange(servers[server], bytes + body)
          assert.deepEqual(statuses, [404], `${server}: ${text.slice(0, 300)}`)
          assert.match(text, /application\/problem\+json/i)
        }
      })
})

describe('no method leads to a 5xx', { concurrency: 4 }, () => {
  for (const method of [
    'OPTIONS',
    'HEAD',
    'TRACE',
    'DELETE',
    'PATCH',
    'PROPFIND',
    'MKCOL',
    'LOCK',
    'SEARCH',
    'PURGE',
    'SOURCE',
    'M-SEARCH',
    'QUERY',
  ]) {
    test(`${method} on whatever path`, async () => {
      for (const path of ['/', '/health', '/api/products', '/products', '/docs', '/nothing', '*']) {
        const answers = await Promise.all(
          Object.values(servers).map((url) =>
            exchange(url, request(`${method} ${path} HTTP/1.1`, 'Content-Length: 0')),
          ),
        )
        for (const { statuses, text } of answers) {
          assert.ok(statuses.length === 1 && statuses[0]! < 500, `${method} ${path}: ${text.slice(0, 300)}`)
          if (statuses[0] === 405) assert.match(text, /^allow: [A-Z, ]+\r$/im)
        }
      }
    })
  }
})

describe('the management port', () => {
  test('has no 5xx to offer either', async () => {
    for (const url of Object.values(management)) {
      for (const bytes of [
        request('GET /nothing HTTP/1.1'),
        request('GET /% HTTP/1.1'),
        request('GET /metrics?x=%00 HTTP/1.1'),
        request('GET /livez HTTP/1.1', 'Expect: miracles'),
        `${request('POST /metrics HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 1')}{`,
        request('TRACE /metrics HTTP/1.1'),
        request('GET /metrics HTTP/1.1', 'Host: attacker.example'),
        request('GET /metrics HTTP/1.1', 'Accept: application/json;q=x, */*;q=-1'),
        'GET /metrics HTTP/1.1\r\n\r\n',
        'nonsense\r\n\r\n',
      ]) {
        const { statuses, text } = await exchange(url, bytes)
        assert.ok(statuses.length > 0 && statuses.every((status) => status < 500), `${bytes}: ${text.slice(0, 300)}`)
      }
    }
  })
})

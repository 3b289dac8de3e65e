import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { eventually } from '@hello/test-support/eventually'
import { exchange, request } from './raw-connection.ts'
import { anHonestClientSeesNothing, assertExplained, management, servers } from './shop-under-attack.ts'

anHonestClientSeesNothing()

const now = `${Date.now()}000000`
const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')
const traceId = (number: number) => `${'f'.repeat(24)}${hex(number, 8)}`
const span = (number: number, rest: object = {}) => ({
  traceId: traceId(number),
  spanId: hex(number, 16),
  name: 'forged',
  kind: 1,
  startTimeUnixNano: now,
  endTimeUnixNano: now,
  ...rest,
})
const attribute = (key: string, value: unknown) => ({ attributes: [{ key, value }] })
const service = (name: string) => attribute('service.name', { stringValue: name })
const exportOf = (spans: unknown[], resource = service('order')) =>
  Buffer.from(JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }))

/** Spans that are taken or not, but are never the end of what reads them. */
const odd: Record<string, object> = {
  'a fraction for a status code': attribute('http.response.status_code', { doubleValue: 200.5 }),
  'an object for text': attribute('http.route', { stringValue: {} }),
  'null for text': attribute('http.route', { stringValue: null }),
  'no value': attribute('http.route', null),
  '1970': { startTimeUnixNano: '1' },
  '2300': { startTimeUnixNano: '10413792000000000000', endTimeUnixNano: '10413792000000000000' },
  'a time without end': { endTimeUnixNano: '9'.repeat(400) },
  'a kind by the name of a member': { kind: 'length' },
  'a status by the name of a member': { status: { code: 'map' } },
  'values within values': attribute('a', JSON.parse(`${'{"arrayValue":{"values":['.repeat(200)}${']}}'.repeat(200)}`)),
  'a prototype as a name': attribute('__proto__', { stringValue: 'x' }),
  '5,000 attributes': {
    attributes: Array.from({ length: 5000 }, (_, n) => ({ key: `k${n}`, value: { intValue: n } })),
  },
  'itself as parent': { parentSpanId: hex(10, 16) },
}

/** Bodies that are no export at all. */
const shapeless = [
  '',
  '{"resourceSpans":[',
  'null',
  '[]',
  '1',
  '{"resourceSpans":"x"}',
  '{"resourceSpans":[null,{"scopeSpans":[1]}]}',
]

async function post(body: Buffer, ...headers: string[]) {
  const head = request(
    'POST /otlp/v1/traces HTTP/1.1',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...headers,
  )
  const answer = await exchange(servers.frontend, [head, body])
  assertExplained(answer, body.subarray(0, 100).toString())
  return answer.statuses[0]!
}

/** Posts, and again as long as the server says that it has had enough for the moment. */
const postInTurn = (body: Buffer, ...headers: string[]) =>
  eventually(async () => {
    const status = await post(body, ...headers)
    assert.notEqual(status, 429)
    return status
  })

const signals = (path: string) => fetch(`${servers.frontend}/signals/api/${path}`)

describe('no span of a stranger is the end of what reads the traces', () => {
  Object.entries(odd).forEach(([what, rest], index) => {
    test(what, async () => {
      const number = index + 1
      assert.equal(await postInTurn(exportOf([span(number, rest), span(1000 + number)])), 200)
      assert.equal((await signals(`traces/${traceId(1000 + number)}`)).status, 200)
      for (const path of ['traces?limit=1000', 'traces?text=forged', 'services', 'map', 'metrics']) {
        assert.equal((await signals(path)).status, 200, path)
      }
      assert.ok([200, 404].includes((await signals(`traces/${traceId(number)}`)).status))
    })
  })
})

test('what is no export is refused', async () => {
  for (const body of shapeless) assert.equal(await postInTurn(Buffer.from(body)), 400, body)
})

test('a stranger’s spans are the browser’s, whatever they say', async () => {
  assert.equal(await postInTurn(exportOf([span(2000)], service('order'))), 200)
  const { spans } = (await (await signals(`traces/${traceId(2000)}`)).json()) as { spans: { service: string }[] }
  assert.deepEqual(
    spans.map((one) => one.service),
    ['browser'],
  )
})

test('30,000 spans in one small body, over and over, replace nothing', async () => {
  const forged = async () =>
    ((await (await signals('traces?text=forged&limit=1')).json()) as { matched: number }).matched
  const before = await forged()
  const spans = gzipSync(exportOf(Array.from({ length: 30_000 }, (_, index) => span(10_000 + index))))
  const blanks = gzipSync(Buffer.alloc(50_000_000, ' '))
  for (let sent = 0; sent < 30; sent++) {
    const status = await post(sent % 2 ? spans : blanks, 'Content-Encoding: gzip')
    assert.ok(status === 413 || status === 429, String(status))
  }
  assert.equal(await forged(), before)
  const metrics = await (await fetch(`${management.frontend}/metrics`)).text()
  assert.match(metrics, /shop_browser_exports_total\{http_response_status_code="413"\} \d+/)
})

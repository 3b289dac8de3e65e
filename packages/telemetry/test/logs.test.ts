import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'

const collector = await startCollector()
const traced = await startFixture(collector.url)
// startService parses each line: one that is not a JSON object ends the test.
const plain = await startFixture(undefined)

type Line = Record<string, unknown>

const linesOf = ({ log }: { log: Line[] }, match: (line: Line) => boolean): Promise<Line[]> =>
  eventually(() => {
    const lines = log.filter(match)
    return lines.length > 0 && lines
  })

describe('every line', () => {
  test('has a level in words, an ISO time, the service and a message', async () => {
    await fetch(`${traced.url}/items/1`)
    await fetch(`${traced.url}/broken`)
    await linesOf(traced, ({ msg, status }) => msg === 'request' && status === 500)
    for (const line of traced.log) {
      assert.match(String(line.level), /^(info|warn|error|fatal|debug|trace)$/)
      assert.equal(new Date(line.time as string).toISOString(), line.time)
      assert.equal(line.service, 'fixture')
      assert.equal(typeof line.msg, 'string')
    }
  })

  test('in a request has its trace_id, and the span_id of a span of that trace', async () => {
    const response = await fetch(`${traced.url}/items`, {
      method: 'POST',
      body: '{"n":1}',
      headers: { 'content-type': 'application/json' },
    })
    const { server, all } = await collector.trace(response)
    const [line] = await linesOf(traced, ({ msg, trace_id }) => msg === 'making' && trace_id === server.traceId)
    assert.ok(all.some(({ spanId }) => spanId === line!.span_id))
    const [request] = await linesOf(traced, ({ msg, trace_id }) => msg === 'request' && trace_id === server.traceId)
    assert.equal(request!.span_id, server.spanId)
  })

  test('without tracing has neither', async () => {
    await fetch(`${plain.url}/items/1`)
    const [line] = await linesOf(plain, ({ msg }) => msg === 'looking')
    assert.equal(line!.trace_id, undefined)
  })
})

test('a request is one line with method, route, status and milliseconds', async () => {
  const response = await fetch(`${traced.url}/items/42`)
  const traceId = response.headers.get('traceresponse')!.split('-')[1]
  const lines = await linesOf(traced, ({ msg, trace_id }) => msg === 'request' && trace_id === traceId)
  assert.equal(lines.length, 1)
  const { method, route, status, duration_ms } = lines[0]!
  assert.deepEqual({ method, route, status }, { method: 'GET', route: '/items/:id', status: 200 })
  assert.ok(typeof duration_ms === 'number' && duration_ms > 0 && duration_ms < 10_000)
})

test('secrets appear in no line, at any depth', async () => {
  await fetch(`${plain.url}/secrets`, { headers: { authorization: 'Bearer hunter2', cookie: 'session=hunter2' } })
  await linesOf(plain, ({ msg, route }) => msg === 'request' && route === '/secrets')
  for (const path of ['/items/1?token=hunter2', '/nowhere?hunter2', '/broken?token=hunter2', '/%zz?token=hunter2']) {
    await fetch(plain.url + path, { headers: { referer: 'http://shop/?token=hunter2' } })
  }
  await linesOf(plain, ({ msg, route }) => msg === 'request' && route === '/broken')
  const text = JSON.stringify(plain.log)
  assert.ok(!text.includes('hunter2'), text)
  const [error] = plain.log.filter(({ level }) => level === 'error') as [{ msg: string; err: { message: string } }]
  assert.equal(error.msg, 'cannot reach postgres://REDACTED:REDACTED@db:5432/shop')
  assert.match(error.err.message, /^no postgres:\/\/REDACTED:REDACTED@db:5432\/shop/)
  const [, alone] = plain.log.filter(({ level }) => level === 'error')
  assert.equal(alone!.msg, 'PostgreSQL refused the statement (SQLSTATE 22P02)', 'an error that is logged alone')
  const [two] = plain.log.filter(({ msg }) => msg === 'two')
  assert.deepEqual(two!.a, { b: { c: { password: '[redacted]', DATABASE_URL: '[redacted]' } } })
})

test('an error is told by name, message, code, stack and cause, and by nothing else that hangs on it', async () => {
  await fetch(`${plain.url}/laden`)
  const [line] = await linesOf(plain, ({ msg }) => msg === 'laden')
  const { stack, cause, ...fields } = line!.err as { stack: string; cause: { name: string; message: string } }
  assert.deepEqual(fields, { name: 'RangeError', message: 'asked /items?limit=5&token=REDACTED', code: 'E_LADEN' })
  assert.match(stack, /^RangeError: asked \/items\?limit=5&token=REDACTED\n +at .*service\.ts/)
  assert.deepEqual([cause.name, cause.message], ['Error', 'the cause 0'])
  assert.equal(JSON.stringify(cause).match(/the cause/g)!.length, 2 * 4, 'bounded')
  assert.ok(JSON.stringify(line).length < 8000)
})

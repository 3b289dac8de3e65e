import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { eventually } from '@hello/test-support/eventually'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'

const collector = await startCollector()
export const fixture = await startFixture(collector.url)
const { hostname, port } = new URL(fixture.url)

export const newTrace = () => randomBytes(16).toString('hex')

/** The text of a request that belongs to a trace of its own; `body` may be less than its announced length. */
export function head(method: string, path: string, traceId: string, length?: number) {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', `traceparent: 00-${traceId}-${'1'.repeat(16)}-01`]
  if (length !== undefined) lines.push('Content-Type: application/json', `Content-Length: ${length}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

export async function connection(): Promise<Socket> {
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

const linesOf = (traceId: string, msg: string) =>
  fixture.log.filter((line) => line.msg === msg && line.trace_id === traceId)

export const logged = (traceId: string, msg: string) =>
  eventually(() => assert.ok(linesOf(traceId, msg).length > 0, `no line "${msg}"`), { everyMs: 10 })

export async function scrape(): Promise<Map<string, number>> {
  const text = await (await fetch(`${fixture.managementUrl}/metrics`)).text()
  const counts = text.matchAll(/^http_server_request_duration_seconds_count\{(.*?)\} (\d+)/gm)
  return new Map(Array.from(counts, ([, labels, count]) => [labels!, Number(count)]))
}

export const labels = (method: string, route: string, status: string, error: string) =>
  `http_request_method="${method}",http_route="${route}",http_response_status_code="${status}",error_type="${error}"`

/** Waits until the request has ended, lets its handler answer all the same, and tells what signals there are of it. */
export async function signalsOf(traceId: string) {
  await logged(traceId, 'request')
  const held = linesOf(traceId, 'holding').length > linesOf(traceId, 'released').length
  await fetch(`${fixture.url}/release`, { method: 'POST' })
  if (held) await logged(traceId, 'released')
  const barrier = newTrace()
  await fetch(`${fixture.url}/items/1`, { headers: { traceparent: `00-${barrier}-${'1'.repeat(16)}-01` } })
  await collector.wait((span) => span.traceId === barrier && span.kind === 'server')
  const spans = collector.spans.filter((span) => span.traceId === traceId && span.kind === 'server')
  return { spans, lines: linesOf(traceId, 'request') }
}

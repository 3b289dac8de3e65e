import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { gateway } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'

const { call } = shopClient(gateway)

/** Sends bytes as they are, which fetch does not, and reads the answer even when it comes before the body has gone. */
export async function send(method: string, path: string, body?: string | Buffer, headers: Record<string, string> = {}) {
  const { hostname, port } = new URL(gateway)
  const sent = request({
    hostname,
    port,
    method,
    path,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  })
  const answer = Promise.withResolvers<{ status: number; type: string | undefined; body: string }>()
  sent.on('error', answer.reject)
  sent.on('response', async (response) => {
    const { statusCode, headers } = response
    answer.resolve({ status: statusCode!, type: headers['content-type'], body: await text(response) })
  })
  sent.end(body)
  return answer.promise
}

type Paths = Record<string, Record<string, { responses: Record<string, unknown> } | undefined>>
const documented: Paths = (await call('GET', '/docs/json')).body.paths

/** The statuses that the documentation names for a call; undefined when it has no such call. */
function documentedStatuses(method: string, path: string) {
  const matching = Object.entries(documented).filter(([template]) =>
    new RegExp(`^${template.replace(/\{\w+\}/, '[^/]+')}$`).test(path.split('?', 1)[0]!),
  )
  const operation = matching.map(([, item]) => item[method.toLowerCase()]).find(Boolean)
  return operation && Object.keys(operation.responses)
}

/** Sends, and expects problem details of that status that the documentation names and that tell nothing of the inside. */
export async function assertRefused(expected: number, ...args: Parameters<typeof send>) {
  const { status, type, body } = await send(...args)
  assert.equal(status, expected, body.slice(0, 500))
  assert.match(type ?? '', /^application\/problem\+json/)
  const statuses = documentedStatuses(args[0], args[1])
  if (statuses) assert.ok(statuses.includes(String(status)), `${status} is documented`)
  const problem = JSON.parse(body)
  assert.equal(problem.status, expected)
  for (const member of ['type', 'title', 'detail', 'error']) assert.equal(typeof problem[member], 'string', member)
  assert.doesNotMatch(body, /node_modules|\.ts:\d|SELECT|127\.0\.0\.1/)
}

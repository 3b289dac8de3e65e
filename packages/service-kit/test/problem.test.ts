import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api'
import { Type } from 'typebox'
import { createApp } from '../src/app.ts'
import { loopbackHosts } from '../src/host.ts'
import { createManagement } from '../src/management.ts'

const app = await createApp({
  name: 'test',
  logLevel: 'silent',
  openApi: { title: 'Test', description: 'What a service answers.' },
  problemTypes: 'https://docs.test/problems#',
})
app.get('/list', { schema: { response: { 200: Type.Array(Type.String()) } } }, () => [])
const one = { params: Type.Object({ id: Type.String() }), body: Type.Object({}), response: { 200: Type.Object({}) } }
app.get(
  '/page',
  { schema: { querystring: Type.Object({ limit: Type.Integer({ default: 3 }), from: Type.String() }) } },
  () => [],
)
app.put('/one/:id', { schema: one }, () => ({}))
app.get('/fail/:status', ({ params }) => {
  const { status } = params as { status: string }
  throw Object.assign(new Error('as the framework says'), { statusCode: Number(status) })
})
const management = createManagement(app, loopbackHosts)
after(async () => {
  await management.close()
  await app.close()
})

test('names the caller’s trace, and none where there is none', async (t) => {
  const id = '0af7651916cd43dd8448eb211c80319c'
  const told = async (traceparent?: string) =>
    (await app.inject({ url: '/nowhere', headers: traceparent ? { traceparent } : {} })).json().traceId
  assert.equal(await told(`00-${id}-b7ad6b7169203331-01`), id)
  for (const wrong of [
    undefined,
    'nonsense',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${id}1-b7ad6b7169203331-01`,
  ])
    assert.equal(await told(wrong), undefined, wrong)
  t.mock.method(trace, 'getActiveSpan', () => trace.wrapSpanContext(INVALID_SPAN_CONTEXT))
  assert.equal(await told(), undefined)
})

describe('a refusal of the framework stays what it is', () => {
  for (const [url, headers, status, answered] of [
    ['/docs/static/swagger-ui.css', { range: 'bytes=99999999-' }, 416, { 'content-range': /^bytes \*\/\d+$/ }],
    ['/docs/static/swagger-ui.css', { 'if-match': '"another"' }, 412, {}],
    ['/docs/static/swagger-ui.css', { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 412, {}],
    ['/docs/static/../../package.json', {}, 404, {}],
    ['/docs/static/..%2f..%2fpackage.json', {}, 404, {}],
    ['/docs/static//index.html', {}, 404, {}],
    ['/docs/static/a%00b', {}, 404, {}],
    ['/docs/static/%', {}, 400, {}],
    ['/docs/static/.env', {}, 404, {}],
    ['/docs/static/none', {}, 404, {}],
    [`/docs/static/${'a'.repeat(5000)}`, {}, 404, {}],
    ['/fail/400', {}, 400, {}],
    ['/fail/418', {}, 418, {}],
    ['/fail/499', {}, 499, {}],
    ['/fail/503', {}, 503, { 'retry-after': /^1$/ }],
    ['/fail/200', {}, 500, {}],
    ['/fail/502', {}, 500, {}],
    ['/fail/NaN', {}, 500, {}],
  ] as const) {
    test(`${url.slice(0, 40)} ${JSON.stringify(headers)}: ${status}`, async () => {
      for (const method of ['GET', 'HEAD'] as const) {
        const answer = await app.inject({ method, url, headers })
        assert.equal(answer.statusCode, status, answer.body)
        assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
        assert.match(String(answer.headers['x-request-id']), /^[\da-f-]{36}$/)
        for (const [name, value] of Object.entries(answered)) assert.match(String(answer.headers[name]), value)
        if (method === 'GET') assert.equal(answer.json().status, status)
      }
    })
  }

  test('with words of its own, but not those of a failure', async () => {
    assert.match((await app.inject('/fail/418')).body, /as the framework says/)
    assert.doesNotMatch((await app.inject('/fail/502')).body, /as the framework says/)
  })
})

test('type is the name of the kind behind what the app puts before it, and about:blank where only the status is known', async () => {
  for (const [answer, type] of [
    [await app.inject('/nothing'), 'https://docs.test/problems#route-not-found'],
    [await app.inject('/fail/400'), 'https://docs.test/problems#invalid-request'],
    [await app.inject('/%ff'), 'https://docs.test/problems#invalid-request'],
    [await app.inject('/fail/418'), 'about:blank'],
    [await management.inject('/nothing'), 'https://docs.test/problems#route-not-found'],
  ] as const) {
    assert.equal(answer.json().type, type)
  }
})

test('405 names the methods that work, and 404 is for a path that takes the method but has nothing', async () => {
  for (const [method, url, allow] of [
    ['POST', '/list', 'GET, HEAD'],
    ['OPTIONS', '/list', 'GET, HEAD'],
    ['GET', '/one/1', 'PUT'],
    ['DELETE', '/docs/static/swagger-ui.css', 'GET, HEAD'],
  ] as const) {
    const answer = await app.inject({ method, url })
    assert.equal(answer.statusCode, 405)
    assert.equal(answer.headers.allow, allow)
    for (const allowed of allow.split(', ')) {
      const tried = await app.inject({ method: allowed as 'GET', url })
      assert.ok(![404, 405].includes(tried.statusCode), `${allowed} ${url}`)
    }
  }
})

test('the management port answers problems as well', async () => {
  for (const [method, url, status] of [
    ['GET', '/nothing', 404],
    ['POST', '/livez', 405],
    ['DELETE', '/metrics', 405],
    ['GET', '/%ff', 400],
  ] as const) {
    const answer = await management.inject({ method, url })
    assert.equal(answer.statusCode, status)
    assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.equal(answer.json().status, status)
    assert.match(String(answer.headers['x-request-id']), /^[\da-f-]{36}$/)
    assert.equal(answer.headers.allow, status === 405 ? 'GET, HEAD' : undefined)
  }
})

test('the documentation requires no parameter that has a default', async () => {
  const { paths } = (await app.inject('/docs/json')).json()
  const required = paths['/page'].get.parameters.map(({ name, required }: Record<string, unknown>) => [name, required])
  assert.deepEqual(required, [
    ['limit', false],
    ['from', true],
  ])
})

test('the documentation may be framed by nobody', async () => {
  const page = await app.inject('/docs')
  assert.equal(page.statusCode, 200)
  assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'/)
})

test('the documentation names what any route may be refused with', async () => {
  const { paths } = (await app.inject('/docs/json')).json()
  const always = ['400', '405', '408', '417', '421', '431', '500', '503']
  assert.deepEqual(Object.keys(paths['/list'].get.responses), ['200', ...always].sort())
  const withBody = ['200', '404', '413', '415', ...always].sort()
  assert.deepEqual(Object.keys(paths['/one/{id}'].put.responses), withBody)
})

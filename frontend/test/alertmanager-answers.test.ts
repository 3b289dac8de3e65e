import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { createApp } from '@hello/service-kit/app'
import { listen } from '@hello/service-kit/testing/http-server'
import { alertsRoutes } from '../server/alerts.ts'
import { frontendServer } from './frontend-server.ts'

/** What answers like nothing that Alertmanager is. */
const startStub = async (listener: RequestListener) => (await listen(createServer(listener))).url
const answering = (body: string, status = 200) =>
  startStub((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })

test('an answer that is not Alertmanager’s is a 502', async (t) => {
  for (const [body, status] of [
    ['<html>', 200],
    ['{"alerts":[]}', 200],
    ['[{"labels":{}}]', 200],
    ['"broken"', 500],
    ['404 page not found', 404],
    [`[${' '.repeat(5_000_000)}]`, 200],
  ] as const) {
    const { app } = await frontendServer(t, await answering(body, status))
    for (const path of ['alerts', 'silences']) {
      const answer = await app.inject(`/alerts/api/${path}`)
      assert.equal(answer.statusCode, 502, `${path}: ${body.slice(0, 20)}`)
      assert.match(String(answer.headers['content-type']), /problem\+json/)
      assert.doesNotMatch(answer.body, /127\.0\.0\.1|broken/)
    }
  }
})

test('asks below the path of an Alertmanager that has one', async (t) => {
  const url = await startStub(({ url }, response) => response.end(url === '/below/api/v2/alerts' ? '[]' : '{}'))
  const { list } = await frontendServer(t, `${url}/below/`)
  assert.deepEqual(await list(), { alerts: [], matched: 0 })
})

test('while Alertmanager is away it is a 503, whose address nobody hears', async (t) => {
  const { app } = await frontendServer(t, 'http://127.0.0.1:1')
  const answer = await app.inject('/alerts/api/alerts')
  assert.equal(answer.statusCode, 503)
  assert.equal(answer.headers['retry-after'], '5')
  assert.doesNotMatch(answer.body, /127\.0\.0\.1/)
})

test('when Alertmanager takes too long it is a 504', async (t) => {
  const url = await startStub(() => {})
  const app = await createApp({ name: 'frontend', logLevel: 'silent' })
  t.after(() => app.close())
  await app.register(alertsRoutes, { url, maySilence: false, timeout: 50 })
  assert.equal((await app.inject('/alerts/api/alerts')).statusCode, 504)
})

test('answers with so many alerts and says how many there are', async (t) => {
  const alerts = Array.from({ length: 300 }, (_, index) => ({
    ...{ fingerprint: index.toString(16).padStart(16, '0'), labels: { alertname: 'Many' }, annotations: {} },
    ...{ startsAt: new Date(index).toISOString(), receivers: [], status: { state: 'active' } },
  }))
  const { list } = await frontendServer(t, await answering(JSON.stringify(alerts)))
  const { alerts: listed, matched } = await list()
  assert.equal(matched, 300)
  assert.equal(listed.length, 200)
  assert.equal(Date.parse(listed[0]!.since), 299)
})

test('without the address of Alertmanager there is nothing to ask', async (t) => {
  const { app } = await frontendServer(t)
  assert.equal((await app.inject('/alerts/api/alerts')).statusCode, 404)
})

test('docs/api.md has the calls that the server documents, and no others', async (t) => {
  const { app } = await frontendServer(t, 'http://127.0.0.1:1')
  const { paths } = (await app.inject('/docs/json')).json()
  const answered = Object.entries(paths as Record<string, object>).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const contract = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8')
  const documented = [...contract.matchAll(/^\| `([A-Z]+ \/alerts\/api[^` ]*)`/gm)].map(([, call]) => call!)
  assert.deepEqual(documented.toSorted(), answered.filter((call) => call !== 'GET /health').toSorted())
})

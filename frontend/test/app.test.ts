import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { buildApp } from '../server/app.ts'
import { frontend as startFrontend, testSettings } from './frontend-server.ts'

const script = 'console.log("shop")'
let bundle: URL

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'))
  bundle = pathToFileURL(`${folder}/`)
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Shop</title>')
  await writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(folder, 'assets', 'index-abc.js'), script)
  await writeFile(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync(script))
  await writeFile(join(folder, 'assets', 'index-abc.js.gz'), gzipSync(script))
})

after(() => rm(bundle, { recursive: true }))

/** An address where nobody listens. */
const nowhere = 'http://127.0.0.1:1'

const frontend = (t: TestContext, settings?: Parameters<typeof startFrontend>[1]) => startFrontend(t, settings, bundle)

test('serves hashed files for ever, compressed as the browser likes', async (t) => {
  const app = await frontend(t)
  for (const [accepted, sent] of [
    ['br, gzip', brotliCompressSync(script)],
    ['gzip', gzipSync(script)],
    ['identity', Buffer.from(script)],
  ] as const) {
    const answer = await app.inject({ url: '/assets/index-abc.js', headers: { 'accept-encoding': accepted } })
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.match(String(answer.headers['content-type']), /javascript/)
    assert.deepEqual(answer.rawPayload, sent)
  }
})

test('serves the page fresh, at every address a person opens', async (t) => {
  const app = await frontend(t)
  for (const url of ['/', '/signals', '/signals/traces/42', '/orders/42']) {
    const answer = await app.inject({ url, headers: { accept: 'text/html,*/*' } })
    assert.equal(answer.statusCode, 200, url)
    assert.match(answer.body, /<title>Shop/)
    assert.equal(answer.headers['cache-control'], 'no-cache')
  }
})

test('answers 404 for a file that is gone, not the page', async (t) => {
  const app = await frontend(t)
  const answer = await app.inject({ url: '/assets/index-old.js', headers: { accept: '*/*' } })
  assert.equal(answer.statusCode, 404)
  assert.match(String(answer.headers['content-type']), /problem\+json/)
})

test('refuses of a file what its headers rule out, and what is no file', async (t) => {
  const app = await frontend(t)
  const file = '/assets/index-abc.js'
  for (const [url, headers, status] of [
    [file, { range: 'bytes=99999999-' }, 416],
    [file, { 'if-match': '"another"' }, 412],
    ['/', { range: 'bytes=99999999-' }, 416],
    ['/icon.svg', { 'if-match': '"another"', 'accept-encoding': 'br' }, 412],
    ['/assets/../../package.json', {}, 404],
    ['/a%00b', {}, 404],
    ['/assets/%2e%2e/server/app.ts', {}, 404],
  ] as const) {
    const answer = await app.inject({ url, headers })
    assert.equal(answer.statusCode, status, url)
    assert.match(String(answer.headers['content-type']), /problem\+json/)
    if (status === 416) assert.match(String(answer.headers['content-range']), /^bytes \*\/\d+$/)
  }
  assert.equal((await app.inject({ url: file, headers: { range: 'bytes=0-3' } })).body, script.slice(0, 4))
})

test('lets the page load only what this server serves', async (t) => {
  const app = await frontend(t)
  const { headers } = await app.inject({ url: '/', headers: { accept: 'text/html' } })
  const policy = String(headers['content-security-policy'])
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.doesNotMatch(policy, /unsafe|\*|data:/)
  assert.equal(headers['x-frame-options'], 'DENY')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['referrer-policy'], 'no-referrer')
})

test('refuses to start without a bundle and says how to build it', async () => {
  await assert.rejects(buildApp(testSettings, new URL('nothing/', bundle)), /npm run build -w frontend/)
})

test('tells the browser what this installation has', async (t) => {
  const bare = await frontend(t, { ALERT_SILENCES: false })
  assert.deepEqual((await bare.inject('/config.json')).json(), {
    tracing: false,
    signals: false,
    alerts: false,
    silences: false,
    faults: false,
    lab: false,
    signIn: false,
    customer: null,
    jaegerUrl: null,
    grafanaUrl: null,
  })
  const full = await frontend(t, {
    OTLP_HTTP_ENDPOINT: nowhere,
    SIGNALS_URL: nowhere,
    ALERTMANAGER_URL: nowhere,
    ALERT_SILENCES: true,
    LAB_URL: nowhere,
    JAEGER_URL: 'http://localhost:16686',
    GRAFANA_URL: 'http://localhost:3000',
  })
  assert.deepEqual((await full.inject('/config.json')).json(), {
    tracing: true,
    signals: true,
    alerts: true,
    silences: true,
    faults: false,
    lab: true,
    signIn: false,
    customer: null,
    jaegerUrl: 'http://localhost:16686',
    grafanaUrl: 'http://localhost:3000',
  })
})

test('is up', async (t) => {
  const app = await frontend(t)
  assert.deepEqual((await app.inject('/health')).json(), { status: 'UP' })
})

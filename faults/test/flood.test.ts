import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import { eventually } from '@hello/test-support/eventually'
import { buildApp as buildFrontend } from '../../frontend/server/app.ts'
import { buildApp as buildGateway } from '../../services/gateway/src/app.ts'
import { flood } from '../flood/fault.ts'
import { settings, whileSet } from './flagged.ts'

test('the page’s server is refused for its flood, others are not, and all is as before afterwards', async () => {
  const product = await startServer((_seen, response) => json(response, 200, []))
  const edge = { ...settings, ALLOWED_HOSTS: '*' }
  const gateway = await buildGateway({
    ...edge,
    PRODUCT_SERVICE_URL: product.url,
    INVENTORY_SERVICE_URL: product.url,
    ORDER_SERVICE_URL: product.url,
    CORS_ORIGIN: '*',
    RATE_LIMIT_PER_SECOND: 100_000,
    TRUSTED_PROXIES: '',
    OIDC_AUDIENCE: 'shop',
    CALLER_RATE_LIMIT_PER_SECOND: 100,
  })
  after(() => gateway.close())
  const GATEWAY_SERVICE_URL = await gateway.listen({ host: '127.0.0.1', port: 0 })
  const bundle = await mkdtemp(join(tmpdir(), 'hello-bundle-'))
  after(() => rm(bundle, { recursive: true }))
  await writeFile(join(bundle, 'index.html'), '<!doctype html><title>Shop</title>')
  const frontend = await buildFrontend(
    {
      ...edge,
      GATEWAY_SERVICE_URL,
      TRUSTED_PROXIES: '',
      ALERT_SILENCES: false,
      FAULTS_PAGE: false,
      OIDC_SCOPE: 'openid',
    },
    pathToFileURL(`${bundle}/`),
  )
  after(() => frontend.close())
  await frontend.ready()
  const visit = (remoteAddress: string) => gateway.inject({ url: '/api/products', remoteAddress })
  async function refused() {
    const text = await gateway.metrics.client.register.metrics()
    const counted =
      /http_server_request_duration_seconds_count\{[^}]*http_route="\/api\/products"[^}]*="429"[^}]*\} (\d+)/
    return Number(counted.exec(text)?.[1] ?? 0)
  }

  await whileSet(flood, async () => {
    await eventually(async () => assert.ok((await refused()) > 50))
    for (let served = 0; served < 20; ) {
      const { statusCode } = await visit('192.0.2.7')
      if (statusCode === 200) served++
      else assert.equal(statusCode, 503, 'what a machine answers that is too busy')
    }
    await eventually(async () => assert.equal((await visit('127.0.0.1')).statusCode, 429))
    assert.match(
      await frontend.metrics.client.register.metrics(),
      /http_client_request_duration_seconds_count\{[^}]*server_address="gateway",http_response_status_code="429"/,
    )
    assert.equal((await gateway.inject({ url: '/health', remoteAddress: '192.0.2.7' })).statusCode, 200)
    assert.deepEqual(await gateway.readiness.failures(), {})
    assert.equal((await frontend.inject('/health')).statusCode, 200)
  })

  await eventually(async () => {
    const before = product.seen.length
    const answers = await Promise.all(Array.from({ length: 150 }, () => visit('192.0.2.8')))
    assert.ok(answers.every(({ statusCode }) => statusCode === 200))
    assert.equal(product.seen.length, before + 150, 'the page’s server still asks')
  })
})

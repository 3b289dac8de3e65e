import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { startService } from '@hello/service-kit/testing/child-service'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import { eventually } from '@hello/test-support/eventually'
import { lostContext } from '../lost-context/fault.ts'
import { flagsFile, whileSet } from './flagged.ts'

const script = join(import.meta.dirname, '../../services/gateway/src/server.ts')
const traceId = '0af7651916cd43dd8448eb211c80319c'

for (const [what, env, nodeArgs] of [
  ['traced', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, ['--import', '@hello/telemetry/preload']],
  ['not traced', {}, []],
] as const)
  test(`the trace of a caller ends at a gateway that is ${what}, until the context is passed on again`, async () => {
    const product = await startServer((_seen, response) => json(response, 200, []))
    const { url } = await startService(
      script,
      { LOG_LEVEL: 'info', FAULTS_FILE: flagsFile, PRODUCT_SERVICE_URL: product.url, ...env },
      [...nodeArgs],
    )
    async function passedOn() {
      const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, 'accept-language': 'ko' }
      const response = await fetch(`${url}/api/products`, { headers })
      assert.equal(response.status, 200)
      const seen = product.seen.at(-1)!.headers
      assert.equal(seen['accept-language'], 'ko')
      return seen.traceparent as string | undefined
    }
    assert.match((await passedOn())!, new RegExp(traceId))
    await whileSet(lostContext, async () => {
      await eventually(async () => assert.equal(await passedOn(), undefined))
      assert.equal((await fetch(`${url}/health`)).status, 200)
    })
    await eventually(async () => assert.match((await passedOn()) ?? '', new RegExp(traceId)))
  })

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import type { Browser } from 'playwright-core'
import { launchBrowser, openPage, showProduct } from '../browser.ts'
import { frontend } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'
import { createBackend } from './backend.ts'
import { services } from './topology.ts'
import { assertSanitised, assertWhole } from './trace-checks.ts'

const { stockProduct } = shopClient(frontend)
const backend = createBackend()
let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(() => browser.close())

test('an order placed in the browser is one whole trace, with logs and an exemplar', async (t) => {
  const product = await stockProduct(10)
  const page = await openPage(t, browser, frontend)
  const card = await showProduct(page, product.name)
  await card.getByRole('button', { name: /^Buy/ }).click()
  const line = page.getByRole('region', { name: 'Orders' }).getByRole('listitem').filter({ hasText: product.name })
  await line.getByText('Created').waitFor()
  const orderId = await line.locator('code').textContent()
  assert.ok(orderId)

  const traceId = await eventually(async () => {
    const traceIds = await backend.tracesOfOrder(orderId)
    assert.equal(traceIds.length, 1)
    const spans = await backend.spans(traceIds[0]!)
    assertWhole(spans)
    const seen = new Set(spans.map(({ service }) => service))
    for (const { service } of services) assert.ok(seen.has(service), `${service} is not in the trace`)
    assertSanitised(spans, [orderId, product.id, product.name])
    return traceIds[0]!
  })
  for (const { service } of services) {
    await eventually(async () => assert.notDeepEqual(await backend.logs(service, traceId), [], service))
  }
  await eventually(async () => assert.ok((await backend.exemplars('gateway')).includes(traceId)))
})

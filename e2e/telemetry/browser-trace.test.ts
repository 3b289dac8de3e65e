import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventually } from '@hello/test-support/eventually'
import type { Browser, Page, Request } from 'playwright-core'
import { launchBrowser, openPage, showProduct } from '../browser.ts'
import { frontend } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'
import { createBackend, type Span } from './backend.ts'
import { readCatalogue } from './catalogue.ts'
import { assertWhole } from './trace-checks.ts'

const exports = '**/otlp/v1/traces'

type SentSpan = {
  traceId: string
  name: string
  events: { attributes: { key: string; value: { stringValue?: string } }[] }[]
}

const { stockProduct } = shopClient(frontend)
const backend = createBackend()
let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(() => browser.close())

const isExport = (request: Request) => request.url().endsWith('/otlp/v1/traces')

/** Keeps the bodies of the page's exports where the next page finds them: Playwright does not see what outlives a page. */
function keepExports() {
  const { fetch } = window
  window.fetch = (input, init) => {
    if (String(input).endsWith('/otlp/v1/traces')) {
      const body = new TextDecoder().decode(init?.body as Uint8Array<ArrayBuffer>)
      localStorage.setItem(`export ${localStorage.length}`, body)
    }
    return fetch(input, init)
  }
}

/** Resolves when the browser has told its observers of a click. */
const interactionMeasured = () =>
  new Promise<void>((resolve) => {
    new PerformanceObserver((list) => {
      if (list.getEntries().some((entry) => (entry as PerformanceEventTiming).interactionId > 0)) resolve()
    }).observe({ type: 'event', buffered: true })
  })

/** The browser may tell of no click that took less than 40 ms (Event Timing's duration threshold of web-vitals). */
function clickSlowly() {
  addEventListener('click', ({ timeStamp }) => {
    while (performance.now() < timeStamp + 200);
  })
}

const keptExports = (page: Page): Promise<string[]> =>
  page.evaluate(() => Object.entries(localStorage).flatMap(([key, body]) => (key.startsWith('export') ? [body] : [])))

const spansOf = (body: string): SentSpan[] =>
  JSON.parse(body).resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: SentSpan[] }[] }) =>
    scopeSpans.flatMap(({ spans }) => spans),
  )

/** Buys one in the shop's page; the order's id. */
async function buy(page: Page, name: string) {
  const card = await showProduct(page, name)
  await card.getByRole('button', { name: /^Buy/ }).click()
  const line = page.getByRole('region', { name: 'Orders' }).getByRole('listitem').filter({ hasText: name })
  await line.getByText('Created').waitFor()
  return (await line.locator('code').textContent())!
}

test('a trace starts at the click and goes down to the database', async (t) => {
  const product = await stockProduct(10)
  const page = await openPage(t, browser, frontend)
  await page.waitForResponse(exports)
  const orderId = await buy(page, product.name)

  await eventually(async () => {
    const [traceId, ...others] = await backend.tracesOfOrder(orderId)
    assert.ok(traceId)
    assert.deepEqual(others, [])
    const spans = await backend.spans(traceId)
    assertWhole(spans)
    const root = spans.find(({ parentSpanId }) => parentSpanId === undefined)!
    const below = ({ spanId }: Span) => spans.filter(({ parentSpanId }) => parentSpanId === spanId)
    assert.deepEqual([root.service, root.name], ['browser', 'buy product'])
    assert.equal(root.attributes['product.id'], product.id)
    assert.equal(root.attributes['order.quantity'], 1)
    assert.equal(root.attributes['order.id'], orderId)
    assert.equal(root.attributes['order.status'], 'CREATED')
    const [call, ...otherCalls] = below(root)
    assert.deepEqual([call?.service, call?.kind, call?.name], ['browser', 'client', 'POST'])
    assert.deepEqual(otherCalls, [])
    const served = below(call!)
    assert.deepEqual(
      served.map(({ service, kind }) => [service, kind]),
      [['frontend', 'server']],
    )
    for (const service of ['gateway', 'order', 'inventory', 'product']) {
      assert.ok(
        spans.some((span) => span.service === service && span.kind === 'server'),
        `${service} is not in the trace`,
      )
    }
    assert.ok(spans.some(({ attributes }) => attributes['db.system.name'] === 'postgresql'))
  })
})

test('tells of the document’s load, and of the web vitals when the person leaves; queries stay here', async (t) => {
  const page = await openPage(t, browser, 'about:blank')
  await page.addInitScript(keepExports)
  await page.addInitScript(clickSlowly)
  await page.goto(`${frontend}/?email=someone@example.com`)
  await page.waitForResponse(exports)
  await page.getByText('Dark', { exact: true }).click()
  await page.evaluate(interactionMeasured)
  await page.goto(`${frontend}/signals`)
  const bodies = await keptExports(page)
  const spans = bodies.flatMap(spansOf)
  const load = spans.find(({ name }) => name === 'documentLoad')!
  const vitals = spans.find(({ name }) => name === 'web vitals')!
  const names = vitals.events.flatMap(({ attributes }) =>
    attributes.flatMap(({ key, value }) => (key === 'browser.web_vital.name' ? value.stringValue : [])),
  )
  assert.deepEqual(names.toSorted(), ['cls', 'fcp', 'inp', 'lcp', 'ttfb'])
  const listed = readCatalogue('en').resource.filter(({ cells }) => cells.setBy![0] === 'browser')
  for (const body of bodies) {
    assert.doesNotMatch(body, /someone|\?/)
    assert.match(body, /"telemetry.sdk.language","value":{"stringValue":"webjs"}/)
    const { attributes } = JSON.parse(body).resourceSpans[0].resource
    const names = attributes.map(({ key }: { key: string }) => key)
    assert.deepEqual(names.toSorted(), listed.map(({ name }) => name).toSorted(), 'docs/en/telemetry.md')
  }

  await eventually(async () => {
    const spans = await backend.spans(load.traceId)
    assertWhole(spans)
    const found = new Set(spans.map(({ name }) => name))
    assert.deepEqual([...found].toSorted(), ['documentFetch', 'documentLoad', 'resourceFetch'])
  })
  await eventually(async () => assert.equal((await backend.spans(vitals.traceId)).length, 1))
})

test('the server takes all that the page sends', async (t) => {
  const management = /frontend=([^,]+)/.exec(process.env.MANAGEMENT_URLS ?? '')?.[1]
  assert.ok(management, 'MANAGEMENT_URLS names no frontend')
  const figures = async () => {
    const metrics = await (await fetch(`${management}/metrics`)).text()
    const lost = metrics.match(/^shop_browser_(spans_total\{outcome="rejected"|span_parts_dropped_total).*$/gm)
    return { accepted: Number(/^shop_browser_spans_total\{outcome="accepted"\} (\d+)/m.exec(metrics)![1]), lost }
  }
  const before = await figures()
  const arrived = (after: number) => eventually(async () => assert.ok((await figures()).accepted > after))
  const product = await stockProduct(10)
  const page = await openPage(t, browser, frontend)
  await page.waitForResponse(exports)
  await buy(page, product.name)
  await arrived(before.accepted)
  const { accepted } = await figures()
  await page.goto('about:blank') // the web vitals come as the page is left
  await arrived(accepted)
  assert.deepEqual((await figures()).lost, before.lost)
})

test('what the page reads by itself carries no trace context', async (t) => {
  const page = await openPage(t, browser, frontend)
  await page.waitForResponse(exports)
  const read = await page.waitForRequest('**/api/orders?*')
  assert.equal((await read.allHeaders()).traceparent, undefined)
})

test('sells as ever while the receiver of traces is away', async (t) => {
  const product = await stockProduct(10)
  const page = await openPage(t, browser, 'about:blank')
  await page.route(exports, (route) => route.abort())
  const failed = page.waitForEvent('requestfailed', isExport)
  await page.goto(frontend)
  await failed
  assert.match(await buy(page, product.name), /^[0-9a-f-]{36}$/)
})

test('loads no tracing where the installation takes no traces', async (t) => {
  const product = await stockProduct(10)
  const page = await openPage(t, browser, 'about:blank')
  await page.route('**/config.json', (route) =>
    route.fulfill({ json: { tracing: false, signals: false, jaegerUrl: null, grafanaUrl: null } }),
  )
  const scripts: string[] = []
  page.on('request', (request) => scripts.push(request.url()))
  await page.goto(frontend)
  const order = page.waitForRequest((request) => request.method() === 'POST')
  await buy(page, product.name)
  assert.equal((await (await order).allHeaders()).traceparent, undefined)
  assert.ok(scripts.length > 0)
  assert.deepEqual(
    scripts.filter((url) => /tracing|otlp/.test(url)),
    [],
  )
})

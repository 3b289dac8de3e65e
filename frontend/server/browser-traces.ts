import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { bodyTooLarge, serviceUnavailable, unsupportedMediaType } from '@hello/service-kit/problems'
import { rateLimitPlugin } from '@hello/service-kit/rate-limit'
import { createUpstream } from '@hello/service-kit/upstream'
import { UpstreamError } from '@hello/service-kit/upstream-error'
import { invalidOtlp } from '@hello/shop/problems'
import type { FastifyInstance } from 'fastify'
import { type BrowserSpans, maxSpans, readBrowserSpans } from './browser-spans.ts'

/** Most bytes of an export, unpacked: four times what a browser lets outlive its page. */
const maxBytes = 256 * 1024

/** Exports of one client address in a second. The page sends one a second while a person acts; an office shares an address. */
const perSecond = 10

const timeout = 5000
const unzip = promisify(gunzip)

const away = (cause?: Error) =>
  Object.assign(
    serviceUnavailable('The receiver of traces is away. Send the spans again.', {}, { 'retry-after': '5' }),
    {
      cause,
    },
  )

async function unpack(body: Buffer, encoding: string): Promise<Buffer> {
  if (encoding === 'identity') return body
  if (encoding !== 'gzip') throw unsupportedMediaType(`The content encoding is ${encoding}; send gzip or none.`)
  return unzip(body, { maxOutputLength: maxBytes }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE')
      throw bodyTooLarge(`The body has more than ${maxBytes} bytes when unpacked.`)
    throw invalidOtlp(`The body is not gzip: ${error.message}.`)
  })
}

function read(body: Buffer): BrowserSpans {
  try {
    return readBrowserSpans(JSON.parse(body.toString()))
  } catch (error) {
    throw invalidOtlp(`The body is not an OTLP trace export as application/json: ${(error as Error).message}.`)
  }
}

function createMetrics({ metrics: { client } }: FastifyInstance) {
  const registers = [client.register]
  const exports = new client.Counter({
    name: 'shop_browser_exports_total',
    help: 'Exports of browsers’ spans, by answer',
    labelNames: ['http_response_status_code'],
    registers,
  })
  const spans = new client.Counter({
    name: 'shop_browser_spans_total',
    help: 'Spans of browsers by what became of them: accepted, or rejected as not valid',
    labelNames: ['outcome'],
    registers,
  })
  const dropped = new client.Counter({
    name: 'shop_browser_span_parts_dropped_total',
    help: 'Attributes, events and links that were not valid, of spans of browsers that were',
    labelNames: ['part'],
    registers,
  })
  exports.inc({ http_response_status_code: 200 }, 0)
  for (const outcome of ['accepted', 'rejected']) spans.inc({ outcome }, 0)
  for (const part of ['attribute', 'event', 'link']) dropped.inc({ part }, 0)
  return { exports, spans, dropped }
}

/**
 * `POST /otlp/v1/traces`: takes the page's spans as OTLP/JSON, from whoever sends some, and passes on what is valid under the
 * service name `browser` (docs/adr/0004-browser-tracing.md).
 *
 * @param url base URL of an OTLP/HTTP receiver
 */
export async function browserTracesRoute(app: FastifyInstance, { url }: { url: string }) {
  const upstream = createUpstream({ name: 'otlp', url, attemptTimeout: timeout, observer: app.upstreamObserver })
  app.addHook('onClose', () => upstream.close())
  const { exports, spans, dropped } = createMetrics(app)
  app.addHook('onResponse', async (_request, reply) => exports.inc({ http_response_status_code: reply.statusCode }))

  await app.register(rateLimitPlugin, { perSecond })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: maxBytes },
    (request: { headers: { 'content-encoding'?: string | undefined } }, body: Buffer) =>
      unpack(body, request.headers['content-encoding'] ?? 'identity'),
  )

  async function pass(request: object) {
    const { statusCode } = await upstream
      .requestJson({
        method: 'POST',
        path: '/v1/traces',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        deadline: Date.now() + timeout,
        repeatable: false,
      })
      .catch((error: Error) => {
        throw error instanceof UpstreamError ? away(error) : error
      })
    if (statusCode !== 200) throw away()
  }

  // Looking at signals makes none, but for failures.
  app.post('/otlp/v1/traces', { config: { observe: false }, schema: { hide: true } }, async (request) => {
    const found = read(request.body as Buffer)
    if (found.accepted > 0) await pass(found.request)
    spans.inc({ outcome: 'accepted' }, found.accepted)
    spans.inc({ outcome: 'rejected' }, found.rejected)
    for (const [part, count] of Object.entries(found.dropped)) dropped.inc({ part }, count)
    if (found.rejected === 0) return {}
    const errorMessage = `at most ${maxSpans} spans at once, each with ids, a name, and a start and an end of today`
    return { partialSuccess: { rejectedSpans: String(found.rejected), errorMessage } }
  })
}

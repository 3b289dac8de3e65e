import { context, propagation, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { DocumentLoadInstrumentation } from '@opentelemetry/instrumentation-document-load'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, type SpanExporter, StackContextManager, TracerProvider } from '@opentelemetry/sdk-trace'
import { ATTR_SERVICE_NAME, ATTR_URL_FULL, ATTR_USER_AGENT_ORIGINAL } from '@opentelemetry/semantic-conventions'
import { ATTR_BROWSER_LANGUAGE } from '@opentelemetry/semantic-conventions/incubating'
import { reportWebVitals } from './web-vitals.ts'

/**
 * Turns the page's spans on: what a person does (shared/user-action.ts), the load of the document, and the web vitals. Reads
 * that the page repeats by itself are left to the server's traces (docs/adr/0004-browser-tracing.md).
 *
 * @param exporter by default OTLP/HTTP to this page's own server; what it fails to deliver is dropped in silence
 * @returns the provider, of which there may be one a page
 */
export function startBrowserTracing(exporter: SpanExporter = ownServer()): TracerProvider {
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({
        [ATTR_SERVICE_NAME]: 'browser',
        [ATTR_BROWSER_LANGUAGE]: navigator.language,
        [ATTR_USER_AGENT_ORIGINAL]: navigator.userAgent,
      }),
    ),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: 512,
        maxExportBatchSize: 64, // browsers let at most 64 kB outlive the page
        scheduledDelayMillis: 1_000,
        disableAutoFlushOnDocumentHide: true, // it would come before the web vitals
      }),
    ],
  })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new StackContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())

  new DocumentLoadInstrumentation({
    applyCustomAttributesOnSpan: {
      documentLoad: (span) => span.setAttribute(ATTR_URL_FULL, withoutQuery(location.href)),
      documentFetch: (span) => span.setAttribute(ATTR_URL_FULL, withoutQuery(location.href)),
      resourceFetch: (span, resource) => span.setAttribute(ATTR_URL_FULL, withoutQuery(resource.name)),
    },
  })
  reportWebVitals(() => void provider.forceFlush().catch(() => {}))
  return provider
}

const ownServer = () => new OTLPTraceExporter({ url: new URL('/otlp/v1/traces', location.origin).href })

const withoutQuery = (url: string) => url.replace(/[?#].*/, '')

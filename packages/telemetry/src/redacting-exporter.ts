import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import { ATTR_DB_SYSTEM_NAME, ATTR_EXCEPTION_MESSAGE, ATTR_URL_QUERY } from '@opentelemetry/semantic-conventions'
import { redactSearch, redactText } from './redact.ts'

function redactAttributes(attributes: Attributes) {
  for (const name in attributes) {
    const value = attributes[name]
    if (typeof value === 'string') attributes[name] = name === ATTR_URL_QUERY ? redactSearch(value) : redactText(value)
    else if (Array.isArray(value)) {
      attributes[name] = value.map((one) => (typeof one === 'string' ? redactText(one) : one)) as string[]
    }
  }
}

/** PostgreSQL's own message may quote a value; the event of the exception, as instrumentation-pg words it, does not. */
function statusMessage({ attributes, events, status }: ReadableSpan): string {
  if (attributes[ATTR_DB_SYSTEM_NAME] === undefined) return redactText(status.message!)
  return String(events.at(-1)?.attributes?.[ATTR_EXCEPTION_MESSAGE] ?? '')
}

function redactSpan(span: ReadableSpan) {
  redactAttributes(span.attributes)
  for (const { attributes } of span.events) if (attributes) redactAttributes(attributes)
  for (const { attributes } of span.links) if (attributes) redactAttributes(attributes)
  if (span.status.message) span.status.message = statusMessage(span)
}

/** Lets no value of a query, no password and no value of a statement out, wherever in a span an instrumentation has put it. */
export function redactingExporter(exporter: SpanExporter): SpanExporter {
  return {
    export(spans, done) {
      for (const span of spans) redactSpan(span)
      exporter.export(spans, done)
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}

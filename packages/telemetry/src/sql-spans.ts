import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'
import { ATTR_DB_OPERATION_NAME, ATTR_DB_QUERY_SUMMARY, ATTR_DB_QUERY_TEXT } from '@opentelemetry/semantic-conventions'

const literal = /'(?:[^']|'')*'|(?<![\w$])\d+(?:\.\d+)?/g
const verb = /^\s*(\w+)/
const table = /\b(?:FROM|INTO|UPDATE|TABLE)\s+(?:ONLY\s+|IF\s+(?:NOT\s+)?EXISTS\s+)?([a-z_][\w.]*)/i

/**
 * CLIENT spans for the SQL of a request. A span is called like its prepared statement, or `UPDATE stock` where that has no
 * name. The values of parameters are in no attribute; a text without parameters shows `?` for its literals.
 *
 * https://opentelemetry.io/docs/specs/semconv/db/database-spans/#name
 */
export function sqlSpans(): PgInstrumentation {
  return new PgInstrumentation({
    requireParentSpan: true,
    ignoreConnectSpans: true,
    requestHook(span, { query: { text, name, values } }) {
      if (!span.isRecording()) return
      const operation = verb.exec(text)?.[1]?.toUpperCase()
      const summary = name ?? [operation, table.exec(text)?.[1]].filter(Boolean).join(' ')
      span.updateName(summary)
      span.setAttribute(ATTR_DB_QUERY_SUMMARY, summary)
      if (operation) span.setAttribute(ATTR_DB_OPERATION_NAME, operation)
      if (!values) span.setAttribute(ATTR_DB_QUERY_TEXT, text.replaceAll(literal, '?'))
    },
  })
}

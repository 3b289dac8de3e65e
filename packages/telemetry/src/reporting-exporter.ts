import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { exportStatus } from './export-status.ts'

/** Counts what `exporter` delivers and loses, and logs when it starts to fail and when it works again: once each. */
export function reportingExporter(exporter: SpanExporter, log: Logger): SpanExporter {
  let failing = false

  function report(spans: number, { code, error }: ExportResult) {
    if (code === ExportResultCode.SUCCESS) {
      exportStatus.exported += spans
      if (failing) log.info('traces are exported again')
      failing = false
      return
    }
    exportStatus.failed += spans
    if (!failing) log.warn({ err: error }, 'traces cannot be exported; requests go on, and their spans are lost')
    failing = true
  }

  return {
    export(spans: ReadableSpan[], done) {
      exporter.export(spans, (result) => {
        report(spans.length, result)
        done(result)
      })
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}

import { type Attributes, type Counter, createNoopMeter, type Meter } from '@opentelemetry/api'
import { exportStatus } from './export-status.ts'

/**
 * Hears from the batch processor about spans that found its queue full; the processor tells this to nobody else.
 *
 * https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/#metric-otelsdkprocessorspanprocessed
 */
class DroppedSpansCounter implements Counter {
  add(spans: number, attributes?: Attributes) {
    if (attributes?.['error.type'] === 'queue_full') exportStatus.dropped += spans
  }
}

export const droppedSpansMeter: Meter = Object.assign(createNoopMeter(), {
  createCounter: () => new DroppedSpansCounter(),
})

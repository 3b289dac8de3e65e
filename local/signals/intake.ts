import {
  countMessages,
  type ExportTraceServiceResponse,
  OversizedExport,
  traceService,
} from '@hello/otlp/trace-service'
import { spansOf } from '@hello/otlp/wire-spans'
import type { TraceStore } from './trace-store.ts'

/** Most bytes of one export request, unpacked: what gRPC servers take by default. */
export const maxRequestBytes = 4 * 1024 * 1024

/** Most spans of one export request, eight times what SDKs send by default: what is kept is not for one request to replace. */
const maxSpans = 4096

/** Most protobuf messages of one export request; decoding that many takes less than a tenth of a second. */
const maxMessages = 50_000

const decoders = {
  'application/json': (body: Buffer): unknown => JSON.parse(body.toString()),
  'application/x-protobuf': (body: Buffer): unknown => {
    if (countMessages(body, maxMessages) > maxMessages) {
      throw new OversizedExport(`it has more than ${maxMessages} messages; send fewer spans at once`)
    }
    return traceService.Export.requestDeserialize(body)
  },
}

export type Encoding = keyof typeof decoders
export const encodings = Object.keys(decoders)

/**
 * Takes export requests as they come, hands what is valid to the store, and counts the rest.
 *
 * @param forward gets each request of which something may be stored
 */
export function createIntake(traces: TraceStore, forward?: (encoding: Encoding, body: Buffer) => void) {
  const totals = { refusedRequests: 0, rejectedSpans: 0, droppedParts: 0 }
  return {
    /**
     * Stores the valid spans of a request.
     *
     * @returns the answer, which tells how many spans were not valid
     * @throws OversizedExport when the request has too much in it; another Error when it is not OTLP; nothing is stored then
     */
    take(encoding: Encoding, body: Buffer): ExportTraceServiceResponse {
      const { spans, dropped } = spansOf(decoders[encoding](body), maxSpans)
      traces.add(spans)
      forward?.(encoding, body)
      totals.rejectedSpans += dropped.spans
      totals.droppedParts += dropped.parts
      if (dropped.spans === 0) return {}
      const errorMessage = 'a span needs a trace id, a span id, and a start and an end between 2000 and tomorrow'
      return { partialSuccess: { rejectedSpans: String(dropped.spans), errorMessage } }
    },
    /** Counts a request that was answered with an error. */
    countRefused() {
      totals.refusedRequests += 1
    },
    /** What was not kept. */
    stats: () => ({ ...totals }),
  }
}

export type Intake = ReturnType<typeof createIntake>

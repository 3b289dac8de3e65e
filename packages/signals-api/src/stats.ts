import { Type } from 'typebox'

/** What the stores hold, and what they let go or refused. */
export const Stats = Type.Object({
  traces: Type.Object({
    traces: Type.Integer(),
    spans: Type.Integer(),
    bytes: Type.Integer({ description: 'estimated' }),
    evictedTraces: Type.Integer({ description: 'let go for newer ones' }),
    droppedSpans: Type.Integer({ description: 'of a trace that is too large, or sent twice' }),
    refusedRequests: Type.Integer({ description: 'exports that were not OTLP or had too much in them' }),
    rejectedSpans: Type.Integer({ description: 'without ids, a name, or plausible times' }),
    droppedParts: Type.Integer({ description: 'attributes, events and links that were not valid, of spans that were' }),
  }),
  logs: Type.Object({ lines: Type.Integer(), bytes: Type.Integer(), evictedLines: Type.Integer() }),
  metrics: Type.Object({ series: Type.Integer(), droppedSamples: Type.Integer() }),
})

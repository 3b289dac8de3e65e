import { type Span as ApiSpan, type Context, context, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import { hrTimeToMilliseconds } from '@opentelemetry/core'
import {
  type ReadableSpan,
  SamplingDecision,
  type Span,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import { ATTR_HTTP_RESPONSE_STATUS_CODE } from '@opentelemetry/semantic-conventions'
import { exportStatus } from './export-status.ts'

export interface TailSampling {
  /** The share of traces that is kept whatever they tell, 0 to 1; the same traces in every service with the same ratio. */
  ratio: number
  /** A span of so many milliseconds or more makes its trace worth keeping. */
  slowMs: number
}

/** What this process has of a trace, from its first span's start until none is open. */
interface Part {
  kept: boolean
  open: number
  /** Spans that have ended while nothing spoke for keeping them; undefined once that was given up for lack of room. */
  held: ReadableSpan[] | undefined
}

const partOf = Symbol('hello.partOf')
type Held = { [partOf]?: Part }

/** Whether it is known by now that the span's trace is kept; where no tail sampling is, whether the span is sampled. */
export function isKept(span: ApiSpan): boolean {
  const part = (span as Held)[partOf]
  return part ? part.kept : (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
}

/** Keeps what this process has of the span's trace, the spans that have ended included, unless the last has ended. */
export function keepTrace(span: ApiSpan): void {
  const part = (span as Held)[partOf]
  if (part) part.kept = true
}

/**
 * Reads `ratio=0.05,slow_ms=500`.
 *
 * @throws Error when it is anything else
 */
export function tailSampling(text: string): TailSampling {
  const [, ratio, slowMs] = /^ratio=(0|1|0?\.\d+|1\.0+),slow_ms=([1-9]\d{0,6})$/.exec(text) ?? []
  if (!ratio || !slowMs) {
    throw new Error(
      `OTEL_TRACES_SAMPLER_ARG is "${text}"; with OTEL_TRACES_SAMPLER=tail_traceidratio it must be like ratio=0.05,slow_ms=500, with a ratio from 0 to 1`,
    )
  }
  return { ratio: Number(ratio), slowMs: Number(slowMs) }
}

/** A 4xx is an error of a CLIENT span by the semantic conventions, and often no more than "not enough stock". */
function isFailure({ status, kind, attributes }: ReadableSpan): boolean {
  if (status.code !== SpanStatusCode.ERROR) return false
  const answer = Number(attributes[ATTR_HTTP_RESPONSE_STATUS_CODE])
  return !(kind === SpanKind.CLIENT && answer >= 400 && answer < 500)
}

/**
 * Passes on the spans of a trace that are worth keeping: of the share that is kept by its id, and those where a span of this
 * process failed or was slow. Nothing waits for other processes (docs/adr/0013-tail-sampling.md).
 */
export class TailSamplingProcessor implements SpanProcessor {
  readonly #next: SpanProcessor
  readonly #slowMs: number
  readonly #byRatio: TraceIdRatioBasedSampler
  readonly #maxHeld: number
  readonly #parts = new Map<string, Part>()
  #held = 0

  /** @param maxHeld most spans that are held, and most traces that are open; the oldest trace gives way, and counts as dropped */
  constructor(next: SpanProcessor, { ratio, slowMs }: TailSampling, maxHeld: number) {
    this.#next = next
    this.#slowMs = slowMs
    this.#byRatio = new TraceIdRatioBasedSampler(ratio)
    this.#maxHeld = maxHeld
  }

  onStart(span: Span, parent: Context) {
    const { traceId } = span.spanContext()
    let part = this.#parts.get(traceId)
    if (!part) {
      const { decision } = this.#byRatio.shouldSample(context.active(), traceId)
      part = { kept: decision === SamplingDecision.RECORD_AND_SAMPLED, open: 0, held: [] }
      this.#parts.set(traceId, part)
      if (this.#parts.size > this.#maxHeld) this.#giveUpOldest()
    }
    part.open++
    ;(span as Held)[partOf] = part
    this.#next.onStart(span, parent)
  }

  onEnd(span: ReadableSpan) {
    const part = (span as Held)[partOf]!
    if (!part.kept) part.kept = isFailure(span) || hrTimeToMilliseconds(span.duration) >= this.#slowMs
    if (part.kept) {
      for (const held of this.#take(part)) this.#next.onEnd(held)
      this.#next.onEnd(span)
    } else if (part.held) {
      part.held.push(span)
      this.#held++
      while (this.#held > this.#maxHeld) this.#giveUpOldest()
    } else exportStatus.dropped++
    if (--part.open > 0) return
    this.#take(part)
    const { traceId } = span.spanContext()
    if (this.#parts.get(traceId) === part) this.#parts.delete(traceId)
  }

  #take(part: Part): ReadableSpan[] {
    const held = part.held ?? []
    if (held.length > 0) part.held = []
    this.#held -= held.length
    return held
  }

  /** Makes room: of the oldest trace nothing is held any more, and it is known on, as the newest, unless traces are too many. */
  #giveUpOldest() {
    const [traceId, part] = this.#parts.entries().next().value!
    this.#parts.delete(traceId)
    if (this.#parts.size < this.#maxHeld) this.#parts.set(traceId, part)
    for (const held of this.#take(part)) {
      if (part.kept) this.#next.onEnd(held)
      else exportStatus.dropped++
    }
    part.held = undefined
  }

  forceFlush() {
    return this.#next.forceFlush()
  }

  shutdown() {
    return this.#next.shutdown()
  }
}

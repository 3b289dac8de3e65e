import type { Span, SpanEvent, SpanLink } from '@hello/signals-api/span'
import Long from 'long'
import { OversizedExport } from './trace-service.ts'
import { attributesOf, listOf, type Tally } from './wire-attributes.ts'

type Wire = Record<string, unknown>

const kinds: Span['kind'][] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer']
const statuses = ['unset', 'ok', 'error'] as const

/** Nothing was traced before, and what claims to come later than tomorrow has a broken clock; in milliseconds. */
const earliest = Date.UTC(2000, 0)
const latest = () => Date.now() + 24 * 3600_000

/** As long as the API's filters let one ask for. */
const longestName = 200

const isObject = (value: unknown): value is Wire => typeof value === 'object' && value !== null
const memberOf = <T>(list: readonly T[], index: unknown): T =>
  (Number.isInteger(index) && list[Number(index)]) || list[0]!
const shortText = (value: unknown) => (typeof value === 'string' && value.length <= longestName ? value : '')

function hexId(id: unknown, bytes: number): string | undefined {
  if (id instanceof Uint8Array) {
    const hex = Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex')
    return id.length === bytes && /[^0]/.test(hex) ? hex : undefined
  }
  const hex = String(id).toLowerCase()
  return hex.length === bytes * 2 && /^[0-9a-f]*[1-9a-f][0-9a-f]*$/.test(hex) ? hex : undefined
}

/** A time of OTLP in two parts, each of which a number holds exactly, as it does not hold the nanoseconds since 1970. */
interface Time {
  /** Since 1970. */
  microseconds: number
  /** On top, 0 to 999. */
  nanoseconds: number
}

function plausible(time: Time): Time | undefined {
  const { microseconds } = time
  return microseconds >= earliest * 1000 && microseconds <= latest() * 1000 ? time : undefined
}

/** Times that are made texts first are a quarter of what reading a span costs. */
function timeOfLong({ high, low }: Long): Time | undefined {
  // 2^32 nanoseconds are 4,294,967 microseconds and 296 nanoseconds.
  const rest = (high >>> 0) * 296 + (low >>> 0)
  return plausible({ microseconds: (high >>> 0) * 4_294_967 + Math.floor(rest / 1000), nanoseconds: rest % 1000 })
}

function timeOf(time: unknown): Time | undefined {
  if (Long.isLong(time)) return timeOfLong(time)
  const digits = Number.isInteger(time) ? String(BigInt(time as number)) : time
  if (typeof digits !== 'string' || !/^\d{7,20}$/.test(digits)) return undefined
  return plausible({ microseconds: Number(digits.slice(0, -3)), nanoseconds: Number(digits.slice(-3)) })
}

const microsecondsBetween = (start: Time, end: Time) =>
  ((end.microseconds - start.microseconds) * 1000 + end.nanoseconds - start.nanoseconds) / 1000

function toEvent(event: unknown, dropped: Tally): SpanEvent | undefined {
  if (!isObject(event) || typeof event.name !== 'string') return undefined
  const time = timeOf(event.timeUnixNano)
  return time && { name: event.name, time: time.microseconds, attributes: attributesOf(event.attributes, dropped) }
}

function toLink(link: unknown, dropped: Tally): SpanLink | undefined {
  if (!isObject(link)) return undefined
  const traceId = hexId(link.traceId, 16)
  const spanId = hexId(link.spanId, 8)
  return traceId && spanId ? { traceId, spanId, attributes: attributesOf(link.attributes, dropped) } : undefined
}

function validOf<T>(list: unknown, read: (entry: unknown, dropped: Tally) => T | undefined, dropped: Tally): T[] {
  const entries = listOf(list) ?? [undefined]
  const valid = entries.map((entry) => read(entry, dropped)).filter((entry) => entry !== undefined)
  dropped.parts += entries.length - valid.length
  return valid
}

function toSpan(span: unknown, service: string, scope: string, dropped: Tally): Span | undefined {
  if (!isObject(span) || typeof (span.name ?? '') !== 'string') return undefined
  const traceId = hexId(span.traceId, 16)
  const spanId = hexId(span.spanId, 8)
  const start = timeOf(span.startTimeUnixNano)
  const end = timeOf(span.endTimeUnixNano)
  if (!traceId || !spanId || !start || !end) return undefined
  const { code, message } = isObject(span.status) ? span.status : ({} as Wire)
  return {
    traceId,
    spanId,
    parentSpanId: hexId(span.parentSpanId, 8) ?? null,
    service,
    scope,
    name: (span.name ?? '') as string,
    kind: memberOf(kinds, span.kind),
    start: start.microseconds,
    duration: Math.max(0, microsecondsBetween(start, end)),
    status: memberOf(statuses, code),
    statusMessage: typeof message === 'string' ? message : '',
    attributes: attributesOf(span.attributes, dropped),
    events: validOf(span.events, toEvent, dropped),
    links: validOf(span.links, toLink, dropped),
  }
}

/** @throws TypeError when a list of OTLP is something else */
function members(holder: unknown, list: string): unknown[] {
  const found = isObject(holder) ? listOf(holder[list]) : undefined
  if (!found) throw new TypeError(`${list} is not a list`)
  return found
}

/**
 * The spans of an export request. What is not valid is left out and counted: a span without ids, a name, a start and an end
 * between the year 2000 and tomorrow; an attribute without a value of a known type; an event without name and time; a link
 * without ids.
 *
 * @throws TypeError when the request does not have the shape of OTLP; OversizedExport when it has more than `maxSpans`
 */
export function spansOf(request: unknown, maxSpans = Number.POSITIVE_INFINITY): { spans: Span[]; dropped: Tally } {
  const scopes = members(request, 'resourceSpans').flatMap((resourceSpans) =>
    members(resourceSpans, 'scopeSpans').map((scopeSpans) => ({
      resource: (resourceSpans as Wire).resource,
      scope: (scopeSpans as Wire).scope,
      spans: members(scopeSpans, 'spans'),
    })),
  )
  const count = scopes.reduce((sum, { spans }) => sum + spans.length, 0)
  if (count > maxSpans) throw new OversizedExport(`it has ${count} spans; send at most ${maxSpans} at once`)
  const dropped: Tally = { spans: 0, parts: 0 }
  const spans = scopes.flatMap(({ resource, scope, spans }) => {
    const attributes = isObject(resource) ? attributesOf(resource.attributes, dropped) : {}
    const service = shortText(attributes['service.name']) || 'unknown_service'
    const name = isObject(scope) ? shortText(scope.name) : ''
    return spans.flatMap((span) => toSpan(span, service, name, dropped) ?? [])
  })
  dropped.spans = count - spans.length
  return { spans, dropped }
}

import { Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** The service that all spans of browsers belong to, whatever they say of themselves. */
const browserService = 'browser'

/** The page's exporter sends as many at once (src/telemetry/browser-tracing.ts). */
export const maxSpans = 64
const maxAttributes = 64
const maxEvents = 128
const maxLinks = 32

const day = 24 * 3600_000
const hour = 3600_000

const text = (maxLength: number) => Type.String({ maxLength })
const id = (digits: number) => Type.String({ pattern: `^(?!0+$)[0-9a-f]{${digits}}$` })
const Nanoseconds = Type.String({ pattern: '^\\d{19}$' })

// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
const scalars = [
  Type.Object({ stringValue: text(2048) }),
  Type.Object({ boolValue: Type.Boolean() }),
  Type.Object({
    intValue: Type.Union([
      Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
      Type.String({ pattern: '^-?\\d{1,18}$' }),
    ]),
  }),
  Type.Object({ doubleValue: Type.Number() }),
] as const
const Value = Type.Union([
  ...scalars,
  Type.Object({
    arrayValue: Type.Object({ values: Type.Array(Type.Union([...scalars]), { maxItems: 64 }) }),
  }),
])
const attribute = Compile(Type.Object({ key: Type.String({ minLength: 1, maxLength: 128 }), value: Value }))
const event = Compile(Type.Object({ name: text(256), timeUnixNano: Nanoseconds }))
const link = Compile(Type.Object({ traceId: id(32), spanId: id(16) }))
const scopeFacts = Compile(Type.Object({ name: text(128), version: Type.Optional(text(64)) }))
const spanFacts = Compile(
  Type.Object({
    traceId: id(32),
    spanId: id(16),
    parentSpanId: Type.Optional(id(16)),
    flags: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff_ffff })),
    name: Type.String({ minLength: 1, maxLength: 256 }),
    // A browser serves nobody: INTERNAL and CLIENT.
    kind: Type.Union([Type.Literal(1), Type.Literal(3)]),
    startTimeUnixNano: Nanoseconds,
    endTimeUnixNano: Nanoseconds,
    status: Type.Optional(
      Type.Object({
        code: Type.Optional(Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2)])),
        message: Type.Optional(text(1024)),
      }),
    ),
  }),
)

type Wire = Record<string, unknown>
type Part = 'attribute' | 'event' | 'link'

export interface BrowserSpans {
  /** An OTLP/JSON request of what is valid. */
  request: { resourceSpans: object[] }
  accepted: number
  rejected: number
  /** Parts that were left out of what was accepted. */
  dropped: Record<Part, number>
}

const isObject = (value: unknown): value is Wire => typeof value === 'object' && value !== null && !Array.isArray(value)

/** @throws TypeError when a list of OTLP is something else */
function members(holder: unknown, name: string): unknown[] {
  const list = isObject(holder) ? (holder[name] ?? []) : undefined
  if (!Array.isArray(list)) throw new TypeError(`${name} is not a list`)
  return list
}

/** A browser's clock may be an hour ahead; it sends a span within a day, unless it slept. */
function isPlausible(start: string, end: string): boolean {
  const [from, to, now] = [Number(start) / 1e6, Number(end) / 1e6, Date.now()]
  return from >= now - day && from <= to && to <= now + hour
}

/**
 * Takes apart what a browser, or a stranger, says are spans of a browser. Only what the schemas above name is kept; a span that
 * is not valid is rejected, an attribute, event or link that is not valid is left out of its span.
 *
 * @throws TypeError when the request does not have the shape of OTLP/JSON
 */
export function readBrowserSpans(request: unknown): BrowserSpans {
  const dropped = { attribute: 0, event: 0, link: 0 }
  let accepted = 0
  let rejected = 0

  function kept<T>(part: Part, list: unknown, limit: number, keep: (entry: unknown) => T | undefined): T[] {
    const entries = Array.isArray(list) ? list : (list ?? undefined) === undefined ? [] : [undefined]
    const valid = entries.slice(0, limit).flatMap((entry) => keep(entry) ?? [])
    dropped[part] += entries.length - valid.length
    return valid
  }
  const keptAttributes = (list: unknown) =>
    kept('attribute', list, maxAttributes, (entry) => (attribute.Check(entry) ? attribute.Clean(entry) : undefined))

  function keptEvent(entry: unknown) {
    if (!event.Check(entry) || !isPlausible(entry.timeUnixNano, entry.timeUnixNano)) return undefined
    const { name, timeUnixNano, attributes } = entry as typeof entry & Wire
    return { name, timeUnixNano, attributes: keptAttributes(attributes) }
  }

  function keptLink(entry: unknown) {
    if (!link.Check(entry)) return undefined
    const { traceId, spanId, attributes } = entry as typeof entry & Wire
    return { traceId, spanId, attributes: keptAttributes(attributes) }
  }

  function keptSpan(entry: unknown) {
    const isValid = accepted < maxSpans && spanFacts.Check(entry)
    if (!isValid || !isPlausible(entry.startTimeUnixNano, entry.endTimeUnixNano)) {
      rejected += 1
      return undefined
    }
    accepted += 1
    const { attributes, events, links } = entry as typeof entry & Wire
    return {
      ...(spanFacts.Clean(entry) as Wire),
      attributes: keptAttributes(attributes),
      events: kept('event', events, maxEvents, keptEvent),
      links: kept('link', links, maxLinks, keptLink),
    }
  }

  function keptResource(resource: unknown) {
    const attributes = keptAttributes(isObject(resource) ? resource.attributes : undefined) as { key: string }[]
    const name = { key: 'service.name', value: { stringValue: browserService } }
    return { attributes: [...attributes.filter(({ key }) => key !== name.key), name] }
  }

  const resourceSpans = members(request, 'resourceSpans').flatMap((entry) => {
    const scopeSpans = members(entry, 'scopeSpans').flatMap((scopeEntry) => {
      const spans = members(scopeEntry, 'spans').flatMap((span) => keptSpan(span) ?? [])
      const { scope } = scopeEntry as Wire
      return spans.length > 0 ? { scope: scopeFacts.Check(scope) ? scopeFacts.Clean(scope) : {}, spans } : []
    })
    return scopeSpans.length > 0 ? { resource: keptResource((entry as Wire).resource), scopeSpans } : []
  })
  return { request: { resourceSpans }, accepted, rejected, dropped }
}

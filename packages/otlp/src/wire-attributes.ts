import type { Attributes, AttributeValue } from '@hello/signals-api/span'
import Long from 'long'

/** Counts what of a request was not kept. */
export interface Tally {
  /** Spans. */
  spans: number
  /** Attributes, events and links of spans that were kept. */
  parts: number
}

type Plain = string | number | boolean | Plain[] | { [key: string]: Plain }

/** Twice what SDKs send by default. */
const maxAttributes = 256
const deepest = 8

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** A list of OTLP, which may be left out; undefined when it is something else. */
export function listOf(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : (value ?? undefined) === undefined ? [] : undefined
}

/** A value of OTLP in JSON's types: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
function plainOf(value: unknown, depth: number): Plain | undefined {
  if (!isObject(value) || depth > deepest) return undefined
  if (typeof value.stringValue === 'string') return value.stringValue
  const { boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } = value
  if (typeof boolValue === 'boolean') return boolValue
  if (Long.isLong(intValue)) return Long.fromValue(intValue).toNumber()
  if (Number.isInteger(intValue) || (typeof intValue === 'string' && /^-?\d{1,19}$/.test(intValue)))
    return Number(intValue)
  if (typeof doubleValue === 'number') return Number.isFinite(doubleValue) ? doubleValue : String(doubleValue)
  if (typeof doubleValue === 'string' && /^(NaN|-?Infinity)$/.test(doubleValue)) return doubleValue
  if (typeof bytesValue === 'string') return bytesValue
  if (bytesValue instanceof Uint8Array) return Buffer.from(bytesValue).toString('base64')
  if (isObject(arrayValue)) {
    const entries = listOf(arrayValue.values)?.map((entry) => plainOf(entry, depth + 1))
    return entries?.every((entry) => entry !== undefined) ? entries : undefined
  }
  if (isObject(kvlistValue)) {
    const entries = listOf(kvlistValue.values)?.map((entry) => entryOf(entry, depth + 1))
    return entries?.every((entry) => entry !== undefined) ? Object.fromEntries(entries) : undefined
  }
  return undefined
}

/** No attribute has the name that would make it an object's prototype. */
function entryOf(entry: unknown, depth: number): [string, Plain] | undefined {
  if (!isObject(entry) || typeof entry.key !== 'string' || entry.key === '' || entry.key === '__proto__')
    return undefined
  const value = plainOf(entry.value, depth)
  return value === undefined ? undefined : [entry.key, value]
}

const asText = (value: Plain) => (typeof value === 'object' ? JSON.stringify(value) : String(value))

function attributeValue(value: Plain): AttributeValue {
  if (Array.isArray(value)) return value.map(asText)
  return typeof value === 'object' ? JSON.stringify(value) : value
}

/** The attributes that have a key and a value of a known type; the others are counted as dropped. */
export function attributesOf(list: unknown, dropped: Tally): Attributes {
  const given = listOf(list)
  const attributes: Attributes = {}
  let count = 0
  for (let n = 0; n < Math.min(given?.length ?? 0, maxAttributes); n++) {
    const read = entryOf(given![n], 0)
    if (!read) continue
    attributes[read[0]] = attributeValue(read[1])
    count += 1
  }
  dropped.parts += (given?.length ?? 1) - count
  return attributes
}

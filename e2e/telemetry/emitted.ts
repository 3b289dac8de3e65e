import { findJson, getJson } from '../lib/get-json.ts'

interface Attributed {
  name: string
  attributes: Record<string, unknown>
}

interface Span extends Attributed {
  service: string
  kind: string
  events: Attributed[]
}

interface Line {
  service: string
  level: string
  msg: string
  fields: Record<string, unknown>
}

/** What was found, each as `name` with who or what had it. */
export interface Emitted {
  lines: Line[]
  /** The members that the store keeps apart, as found in the lines themselves. */
  members: string[]
  spans: { row: string; kind: string; service: string }[]
  attributes: { name: string; span: string }[]
  events: { name: string; span: string; attributes: string[] }[]
  statements: { name: string; service: string }[]
}

const members = ['time', 'level', 'service', 'msg', 'trace_id', 'span_id', 'trace_flags']

const methodName = (attributes: Span['attributes']) => {
  const method = String(attributes['http.request.method'])
  return method === '_OTHER' ? 'HTTP' : method
}

/** The row that a span's name belongs to; its own name where it follows no pattern. */
function rowOf({ kind, name, attributes }: Span): string {
  const route = attributes['http.route']
  if (kind === 'server' && name === [methodName(attributes), route].filter(Boolean).join(' ')) return '{method} {route}'
  if (kind === 'client' && name === attributes['db.query.summary']) return '{statement}'
  if (kind === 'client' && name === methodName(attributes)) return '{method}'
  return name
}

/** What the tables of attributes and events call a span. */
function shortName(row: string): string {
  const names: Record<string, string> = {
    '{method} {route}': 'server',
    '{statement}': 'statement',
    '{method}': 'client',
  }
  return names[row] ?? row
}

/** Members of an object in a line are told as `err.name`. */
export function fieldsOf({ fields }: Line): string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    name === 'err' ? Object.keys(value as object).map((member) => `err.${member}`) : [name],
  )
}

/** All that the store of signals has. */
export async function readEmitted(signalsUrl: string, services: string[]): Promise<Emitted> {
  const get = (path: string, query: Record<string, string>) => getJson(signalsUrl, `/signals/api/${path}`, query)
  const lists = await Promise.all(
    ['error', 'refused', 'ok', 'incomplete'].map((status) => get('traces', { limit: '1000', status })),
  )
  const traceIds = new Set<string>(
    lists.flatMap(({ traces }) => traces.map(({ traceId }: { traceId: string }) => traceId)),
  )
  const spans: Span[] = []
  for (const traceId of traceIds)
    spans.push(...((await findJson(signalsUrl, `/signals/api/traces/${traceId}`))?.spans ?? []))

  const lines: Line[] = []
  for (const service of services)
    for (const level of ['info', 'warn', 'error'])
      lines.push(...(await get('logs', { service, level, limit: '1000' })).lines)
  const found = await Promise.all(
    members.map(async (name) => ((await get('logs', { text: `"${name}":`, limit: '1' })).matched > 0 ? [name] : [])),
  )

  const named = spans.map((span) => ({ span, row: rowOf(span), short: shortName(rowOf(span)) }))
  return {
    lines,
    members: found.flat(),
    spans: named.map(({ span: { kind, service }, row }) => ({ row, kind, service })),
    attributes: named.flatMap(({ span, short }) => Object.keys(span.attributes).map((name) => ({ name, span: short }))),
    events: named.flatMap(({ span, short }) =>
      span.events.map(({ name, attributes }) => ({ name, span: short, attributes: Object.keys(attributes) })),
    ),
    statements: named.flatMap(({ span: { name, service }, row }) => (row === '{statement}' ? [{ name, service }] : [])),
  }
}

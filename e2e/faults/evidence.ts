import type { Evidence } from '@hello/faults/fault'
import { getJson } from '../lib/get-json.ts'
import type { Backends } from '../lib/panel-results.ts'

/**
 * How many rows a piece of evidence has: series at the end of the time, streams or traces within it.
 *
 * @param from milliseconds since 1970
 * @param to milliseconds since 1970
 */
export async function countRows({ kind, query }: Evidence, backends: Backends, from: number, to = Date.now()) {
  if (kind === 'promql')
    return (await getJson(backends.prometheus, '/api/v1/query', { query, time: String(to / 1000) })).data.result.length
  if (kind === 'logql') {
    const range = { start: String(from * 1e6), end: String(to * 1e6), limit: '10' }
    return (await getJson(backends.loki, '/loki/api/v1/query_range', { query, ...range })).data.result.length
  }
  const { tags, ...search } = JSON.parse(query)
  const asked = { ...search, ...(tags && { tags: JSON.stringify(tags) }), limit: '10' }
  const range = { start: String(from * 1000), end: String(to * 1000) }
  return (await getJson(backends.jaeger, '/api/traces', { ...asked, ...range })).data.length
}

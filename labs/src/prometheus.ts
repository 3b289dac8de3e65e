import { ask } from './ask.ts'
import type { Period } from './signals.ts'

/** The labels of a series, its name as `__name__`. */
export type Labels = Record<string, string>

/** Prometheus cannot answer a query; the message is its own. */
export class RefusedQuery extends Error {}

interface Node {
  matchers?: { name: string; type: string; value: string }[]
}

/** The selectors of a parsed expression, wherever they stand in it. */
function selectorsIn(node: unknown): string[] {
  if (!node || typeof node !== 'object') return []
  const { matchers } = node as Node
  const own = matchers?.map(({ name, type, value }) => `${name}${type}${JSON.stringify(value)}`)
  return [...(own ? [`{${own}}`] : []), ...Object.values(node).flatMap(selectorsIn)]
}

/** So many points at most has an answer. */
const points = 1000

/**
 * What Prometheus knows of a shop (https://prometheus.io/docs/prometheus/latest/querying/api/).
 *
 * @param url its base URL
 */
export function prometheusAt(url: string) {
  async function get<Data>(path: string, query: Record<string, string>): Promise<Data> {
    const response = await ask(`${url}/api/v1/${path}?${new URLSearchParams(query)}`)
    const text = await response.text()
    // What is in front of its API refuses in plain text, as a query that is too long.
    if (!response.headers.get('content-type')?.startsWith('application/json'))
      throw new RefusedQuery(`${response.status}: ${text}`)
    const { data, error } = JSON.parse(text) as { data: Data; error?: string }
    if (error !== undefined) throw new RefusedQuery(error)
    return data
  }
  const within = ({ from, to }: Period) => ({ start: String(from / 1000), end: String(to / 1000) })
  return {
    /**
     * The labels of the rows that a query has at any time of a period.
     *
     * @throws RefusedQuery
     */
    async rows(query: string, during: Period): Promise<Labels[]> {
      const step = Math.max(1, (during.to - during.from) / 1000 / points)
      const { result } = await get<{ result: { metric: Labels }[] }>('query_range', {
        ...{ query, step: String(step) },
        ...within(during),
      })
      return result.map(({ metric }) => metric)
    },

    /**
     * The series that a query reads.
     *
     * @throws RefusedQuery
     */
    async read(query: string, during: Period): Promise<Labels[]> {
      const selectors = selectorsIn(await get('parse_query', { query }))
      const read = selectors.map((selector) => get<Labels[]>('series', { 'match[]': selector, ...within(during) }))
      return (await Promise.all(read)).flat()
    },
  }
}

export type Prometheus = ReturnType<typeof prometheusAt>

import type { PanelQuery } from '@hello/monitoring/panel-queries'
import { getJson } from './get-json.ts'

/** Base URLs of what panels ask. */
export interface Backends {
  prometheus: string
  loki: string
  jaeger: string
}

const range = () => ({ start: String(Date.now() / 1000 - 600), end: String(Date.now() / 1000), step: '15' })

/** What a search of Jaeger's page has in its address, or a service alone. */
const searchOf = (query: string) =>
  query.startsWith('/search?') ? Object.fromEntries(new URL(query, 'http://jaeger').searchParams) : { service: query }

/** What a panel shows of the last ten minutes: series, streams or traces. */
export async function resultsOf(
  { datasource, kind, query }: Pick<PanelQuery, 'datasource' | 'kind' | 'query'>,
  { prometheus, loki, jaeger }: Backends,
): Promise<unknown[]> {
  if (datasource === 'jaeger')
    return (await getJson(jaeger, '/api/traces', { ...searchOf(query), limit: '20', lookback: '1h' })).data
  const [at, path] = datasource === 'loki' ? [loki, '/loki/api/v1'] : [prometheus, '/api/v1']
  if (kind === 'instant') return (await getJson(at, `${path}/query`, { query })).data.result
  return (await getJson(at, `${path}/query_range`, { query, ...range() })).data.result
}

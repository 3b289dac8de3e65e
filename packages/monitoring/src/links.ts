import { chartNames } from './names.ts'
import { type DashboardName, dashboards } from './shared-names.ts'

/** Where a panel leads: to log lines, traces, another dashboard or what to do. */
export interface Link {
  title: string
  url: string
}

/** Escapes a query of an address but for Grafana's variables. */
const encode = (text: string): string =>
  text
    .split(/(\$\{[^}]+\})/)
    .map((part) => (part.startsWith('$') ? part : encodeURIComponent(part)))
    .join('')

/** What Grafana puts a value for in an address or a title. */
export const variable = (name: string): string => `\${${name}}`

/** The label of the series that was clicked. */
export const seriesLabel = (label: string): string => variable(`__field.labels.${label}`)

/** A link to Grafana's Explore, in the time that the dashboard shows. */
function explore(title: string, type: 'loki' | 'jaeger', query: Record<string, unknown>): Link {
  const datasource = { type, uid: chartNames[type].uid }
  const pane = {
    datasource: datasource.uid,
    queries: [{ refId: 'A', datasource, ...query }],
    range: { from: variable('__from'), to: variable('__to') },
  }
  return { title, url: `/explore?schemaVersion=1&panes=${encode(JSON.stringify({ shown: pane }))}` }
}

/** To the log lines of what matches, such as `app="order"`, in the dashboard's namespace. */
export const logs = (title: string, matchers: string, pipeline = ''): Link =>
  explore(title, 'loki', { expr: `{namespace="\${namespace}", ${matchers}}${pipeline}` })

/** To the traces of a service. */
export const traces = (title: string, service: string): Link =>
  explore(title, 'jaeger', { queryType: 'search', service })

/** To the log lines and traces of the service whose series was clicked. */
export const ofSeries: Link[] = [
  logs(`Logs of ${seriesLabel('app')}`, `app="${seriesLabel('app')}"`),
  traces(`Traces of ${seriesLabel('app')}`, seriesLabel('app')),
]

/** To the errors that the chosen services log. */
export const errorLogs: Link = logs('Errors in the logs', `app=~"${variable('service:regex')}", level=~"error|fatal"`)

/** To what to do about an alert. */
export const runbook = (alert: string): Link => ({
  title: `Runbook ${alert}`,
  url: `${chartNames.runbooks}/${alert}.md`,
})

/** To another dashboard, in the same time. */
export function toDashboard(name: DashboardName, variables: Record<string, string> = {}): Link {
  const { uid, title } = dashboards[name]
  const own = Object.entries({ namespace: variable('namespace'), ...variables }).map(
    ([key, value]) => `&var-${key}=${value}`,
  )
  return { title, url: `/d/${uid}?from=\${__from}&to=\${__to}${own.join('')}` }
}

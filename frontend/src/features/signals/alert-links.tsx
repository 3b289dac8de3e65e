import type { Alert } from '@hello/shop/api/alert'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { appConfigOptions } from '../../shared/app-config.ts'
import { serviceTracesUrl } from '../../shared/signal-links.ts'
import { listServices } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** What an alert tells of began before it fired. */
const BEFORE_MS = 15 * 60_000

/** To the dashboard, the traces and the log lines of an alert, as far as this installation has them. */
export function AlertLinks({ alert }: { alert: Alert }) {
  const { t } = useSignalsLanguage()
  const { data: config } = useQuery(appConfigOptions)
  const { data: services } = useQuery({ ...listServices(), enabled: config?.signals === true })
  const { app } = alert.labels
  const from = Date.parse(alert.since) - BEFORE_MS
  // Of what is no service of the shop, such as the database, there is no trace.
  const service = app && (services?.some(({ service }) => service === app) ?? !config?.signals) ? app : undefined
  const ownLogs = `/signals/logs?${new URLSearchParams({ ...(service && { service }), from: String(from) })}`
  // The rules know where Grafana would be; the installation knows whether there is one.
  const inGrafana = (url: string | null) => (config?.grafanaUrl ? url : null)
  const links = [
    { label: t.alertsView.dashboard, url: inGrafana(alert.dashboardUrl) },
    { label: t.traces, url: service && serviceTracesUrl(config, service, from) },
    { label: t.logs, url: config?.signals ? ownLogs : inGrafana(alert.logsUrl) },
  ]
  return links.map(({ label, url }) => {
    const named = { children: label, 'aria-label': t.alertsView.of(label, alert.name) }
    return (
      url && (url.startsWith('/') ? <Link key={label} to={url} {...named} /> : <a key={label} href={url} {...named} />)
    )
  })
}

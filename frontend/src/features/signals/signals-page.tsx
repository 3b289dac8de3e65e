import { useQuery } from '@tanstack/react-query'
import { BrowserRouter, Navigate, NavLink, Route, Routes } from 'react-router'
import { appConfigOptions } from '../../shared/app-config.ts'
import { Region } from '../../shared/region.tsx'
import { AlertsView } from './alerts-view.tsx'
import { CompareView } from './compare-view.tsx'
import { LiveButton, LiveProvider } from './live.tsx'
import { LogsView } from './logs-view.tsx'
import { MapView } from './map-view.tsx'
import { MetricsView } from './metrics-view.tsx'
import { OrderTrace } from './order-trace.tsx'
import { TraceView } from './trace-view.tsx'
import { TracesView } from './traces-view.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'
import './signals.css'
import './metrics-view.css'
import './filters.css'
import './tables.css'
import './trace-view.css'
import './row-details.css'
import './waterfall.css'
import './span-tree.css'
import './compare-view.css'
import './logs-view.css'
import './map-view.css'
import './alerts.css'

const views = [
  { path: '', view: <OrderTrace otherwise={<MetricsView />} /> },
  { path: 'traces', view: <TracesView /> },
  { path: 'traces/:traceId', view: <TraceView /> },
  { path: 'traces/:traceId/compare/:other', view: <CompareView /> },
  { path: 'logs', view: <LogsView /> },
  { path: 'map', view: <MapView /> },
  { path: 'alerts', view: <AlertsView /> },
]

/** Metrics, traces, logs and alerts of the running shop: what is lazily loaded below `/signals`. */
export default function SignalsPage() {
  const { t } = useSignalsLanguage()
  const { data: config } = useQuery(appConfigOptions)
  /** Then only the alerts can be looked at here. */
  const elsewhere = config?.signals === false
  if (elsewhere && !config.alerts) {
    return (
      <main className="signals" id="signals">
        <title>{t.title}</title>
        <div className="empty">
          <p>{t.away}</p>
          <p>{t.awayHint}</p>
        </div>
      </main>
    )
  }
  return (
    <BrowserRouter>
      <LiveProvider>
        <main className="signals" id="signals">
          <title>{t.title}</title>
          <SignalsHeader elsewhere={elsewhere} />
          <Routes>
            <Route path="/signals">
              {views.map(
                ({ path, view }) =>
                  (path === 'alerts' || !elsewhere) && (
                    <Route key={path} path={path} element={<Region key={path}>{view}</Region>} />
                  ),
              )}
              {elsewhere && <Route path="*" element={<Navigate to="/signals/alerts" replace />} />}
            </Route>
          </Routes>
        </main>
      </LiveProvider>
    </BrowserRouter>
  )
}

function SignalsHeader({ elsewhere }: { elsewhere: boolean }) {
  const { t } = useSignalsLanguage()
  const alerts = { to: '/signals/alerts', label: t.alerts }
  const signals = [
    { to: '/signals', label: t.metrics, end: true },
    { to: '/signals/traces', label: t.traces },
    { to: '/signals/logs', label: t.logs },
    { to: '/signals/map', label: t.map },
  ]
  return (
    <div className="signals-header">
      <div>
        <h1>{t.heading}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <div className="signals-bar">
        <nav aria-label={t.views} className="signals-views">
          {(elsewhere ? [alerts] : [...signals, alerts]).map(({ label, ...link }) => (
            <NavLink key={link.to} {...link}>
              {label}
            </NavLink>
          ))}
        </nav>
        <LiveButton />
      </div>
    </div>
  )
}

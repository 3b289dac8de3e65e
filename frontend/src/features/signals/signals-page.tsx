import { useQuery } from '@tanstack/react-query'
import { BrowserRouter, Navigate, NavLink, Route, Routes } from 'react-router'
import { appConfigOptions } from '../../shared/app-config.ts'
import { Region } from '../../shared/region.tsx'
import { AlertsView } from './alerts-view.tsx'
import { CompareView } from './compare-view.tsx'
import { FaultsView } from './faults-view.tsx'
import { LabView } from './lab-view.tsx'
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
import './faults.css'
import './lab.css'

const views = [
  { path: '', view: <OrderTrace otherwise={<MetricsView />} /> },
  { path: 'traces', view: <TracesView /> },
  { path: 'traces/:traceId', view: <TraceView /> },
  { path: 'traces/:traceId/compare/:other', view: <CompareView /> },
  { path: 'logs', view: <LogsView /> },
  { path: 'map', view: <MapView /> },
  { path: 'alerts', view: <AlertsView /> },
  { path: 'faults', view: <FaultsView /> },
  { path: 'lab', view: <LabView /> },
]

/** What can be looked at also where the signals are elsewhere, as far as this installation has it. */
const apart = ['alerts', 'faults'] as const
type Apart = (typeof apart)[number]

/** Metrics, traces, logs, alerts and faults of the running shop: what is lazily loaded below `/signals`. */
export default function SignalsPage() {
  const { t } = useSignalsLanguage()
  const { data: config } = useQuery(appConfigOptions)
  const elsewhere = config?.signals === false
  const here: Apart[] = apart.filter((path) => config?.[path])
  if (elsewhere && here.length === 0) {
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
    // The filters are in the address: in a transition they would lag behind who types, and lose letters.
    <BrowserRouter useTransitions={false}>
      <LiveProvider>
        <main className="signals" id="signals">
          <title>{t.title}</title>
          <SignalsHeader elsewhere={elsewhere} here={here} />
          <Routes>
            <Route path="/signals">
              {views.map(
                ({ path, view }) =>
                  (!elsewhere || here.some((one) => one === path)) && (
                    <Route key={path} path={path} element={<Region key={path}>{view}</Region>} />
                  ),
              )}
              <Route path="*" element={<Navigate to={elsewhere ? `/signals/${here[0]}` : '/signals'} replace />} />
            </Route>
          </Routes>
        </main>
      </LiveProvider>
    </BrowserRouter>
  )
}

function SignalsHeader({ elsewhere, here }: { elsewhere: boolean; here: Apart[] }) {
  const { t } = useSignalsLanguage()
  const signals = [
    { to: '/signals', label: t.metrics, end: true },
    { to: '/signals/traces', label: t.traces },
    { to: '/signals/logs', label: t.logs },
    { to: '/signals/map', label: t.map },
  ]
  // Where there is no Alertmanager, its view says which command brings it.
  const others = apart.filter((path) => here.includes(path) || (path === 'alerts' && !elsewhere))
  const { data: config } = useQuery(appConfigOptions)
  const links = [
    ...(elsewhere ? [] : signals),
    ...others.map((path) => ({ to: `/signals/${path}`, label: t[path] })),
    ...(config?.lab && !elsewhere ? [{ to: '/signals/lab', label: t.lab }] : []),
  ]
  return (
    <div className="signals-header">
      <div>
        <h1>{t.heading}</h1>
        <p className="muted">{t.lead}</p>
      </div>
      <div className="signals-bar">
        <nav aria-label={t.views} className="signals-views">
          {links.map(({ label, ...link }) => (
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

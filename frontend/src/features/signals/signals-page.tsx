import { useQuery } from '@tanstack/react-query'
import { BrowserRouter, NavLink, Route, Routes } from 'react-router'
import { appConfigOptions } from '../../shared/app-config.ts'
import { Region } from '../../shared/region.tsx'
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

/** Metrics, traces and logs of the running shop: what is lazily loaded below `/signals`. */
export default function SignalsPage() {
  const { t } = useSignalsLanguage()
  const { data: config } = useQuery(appConfigOptions)
  if (config && !config.signals) {
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
          <SignalsHeader />
          <Routes>
            <Route path="/signals">
              <Route
                index
                element={
                  <Region key="metrics">
                    <OrderTrace otherwise={<MetricsView />} />
                  </Region>
                }
              />
              <Route
                path="traces"
                element={
                  <Region key="traces">
                    <TracesView />
                  </Region>
                }
              />
              <Route
                path="traces/:traceId"
                element={
                  <Region key="trace">
                    <TraceView />
                  </Region>
                }
              />
              <Route
                path="traces/:traceId/compare/:other"
                element={
                  <Region key="compare">
                    <CompareView />
                  </Region>
                }
              />
              <Route
                path="logs"
                element={
                  <Region key="logs">
                    <LogsView />
                  </Region>
                }
              />
              <Route
                path="map"
                element={
                  <Region key="map">
                    <MapView />
                  </Region>
                }
              />
            </Route>
          </Routes>
        </main>
      </LiveProvider>
    </BrowserRouter>
  )
}

function SignalsHeader() {
  const { t } = useSignalsLanguage()
  const views = [
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
          {views.map(({ label, ...link }) => (
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

import type { Alert } from '@hello/shop/api/alert'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { isTransient } from '../../shared/api-error.ts'
import { appConfigOptions } from '../../shared/app-config.ts'
import { problemOf, QueryProblem } from '../../shared/query-problem.tsx'
import { AlertCard } from './alert-card.tsx'
import { listAlerts, listSilences } from './alerts-api.ts'
import { useLive } from './live.tsx'
import { SilenceList } from './silence-list.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

/** The alert that always fires; where it is missing, no alert arrives. */
const heartbeat = 'ShopDeadMansSwitch'

/** What asks nothing of anybody, as the shop's rules and kube-prometheus-stack's call it. */
const informative = new Set(['info', 'none'])

/** What fires, with what to do about it, and what was silenced. */
export function AlertsView() {
  const { refetchInterval } = useLive()
  const { data: config } = useQuery(appConfigOptions)
  const enabled = config?.alerts === true
  const alerts = useQuery({ ...listAlerts(), refetchInterval, enabled })
  const silences = useQuery({ ...listSilences(), refetchInterval, enabled })
  const done = useRef<HTMLParagraphElement>(null)
  const [said, setSaid] = useState('')

  if (config && !config.alerts) return <Unavailable />
  /** What was acted on goes elsewhere on the page, and the focus would be lost with it. */
  const announce = (text: string) => {
    flushSync(() => setSaid(text))
    done.current?.focus()
  }
  return (
    <>
      <p ref={done} className="notice alerts-done" data-kind="success" role="status" tabIndex={-1} hidden={said === ''}>
        {said}
      </p>
      <Problem query={alerts} />
      {alerts.data && <AlertGroups alerts={alerts.data.alerts} matched={alerts.data.matched} announce={announce} />}
      {alerts.data && <QueryProblem query={silences} />}
      {silences.data && silences.data.length > 0 && <SilenceList silences={silences.data} announce={announce} />}
    </>
  )
}

function Problem({ query }: { query: UseQueryResult }) {
  const away = query.data === undefined && isTransient(problemOf(query))
  return away ? <Unavailable away /> : <QueryProblem query={query} />
}

/** Says which command brings Alertmanager, or tells where it is. */
function Unavailable({ away = false }: { away?: boolean }) {
  const { t } = useSignalsLanguage()
  const { data: config } = useQuery(appConfigOptions)
  return (
    <div className="empty" role="status">
      <p>{away ? t.alertsView.away : t.alertsView.off}</p>
      <p>
        {config?.signals ? t.alertsView.start : t.alertsView.inspect}{' '}
        <code className="command">{config?.signals ? 'make local STACK=1' : 'make status'}</code>
      </p>
    </div>
  )
}

type GroupsProps = { alerts: Alert[]; matched: number; announce: (text: string) => void }

function AlertGroups({ alerts, matched, announce }: GroupsProps) {
  const { t, count } = useSignalsLanguage()
  const quiet = alerts.filter(({ state }) => state !== 'firing')
  const firing = alerts.filter(({ state }) => state === 'firing')
  const info = firing.filter(({ severity }) => informative.has(severity ?? ''))
  const urgent = firing.filter((alert) => !info.includes(alert))
  const list = (group: Alert[]) => (
    <ul className="alert-list">
      {group.map((alert) => (
        <AlertCard key={alert.id} alert={alert} announce={announce} />
      ))}
    </ul>
  )
  return (
    <>
      <section className="alert-group">
        <h2>
          {t.alertsView.heading} <span className="muted">{count(urgent.length)}</span>
        </h2>
        {urgent.length > 0 ? list(urgent) : <NothingFires beats={alerts.some(({ name }) => name === heartbeat)} />}
        {matched > alerts.length && <p className="muted">{t.alertsView.first(count(alerts.length), count(matched))}</p>}
      </section>
      {[
        { heading: t.alertsView.quiet, group: quiet },
        { heading: t.alertsView.info, group: info },
      ].map(
        ({ heading, group }) =>
          group.length > 0 && (
            <details key={heading} className="alert-group">
              <summary>
                <h2>
                  {heading} <span className="muted">{count(group.length)}</span>
                </h2>
              </summary>
              {list(group)}
            </details>
          ),
      )}
    </>
  )
}

function NothingFires({ beats }: { beats: boolean }) {
  const { t } = useSignalsLanguage()
  return (
    <div className="empty">
      <p>{t.alertsView.none}</p>
      <p>{beats ? t.alertsView.heartbeat : t.alertsView.noHeartbeat}</p>
    </div>
  )
}

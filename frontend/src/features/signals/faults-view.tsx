import type { Fault } from '@hello/shop/api/fault'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { isTransient } from '../../shared/api-error.ts'
import { appConfigOptions } from '../../shared/app-config.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { FaultCard } from './fault-card.tsx'
import { listFaults, useHealFault } from './faults-api.ts'
import { useIsLabUnderWay } from './lab-api.ts'
import { useLive } from './live.tsx'
import { useFaultMessages } from './use-fault-messages.ts'
import { useLabMessages } from './use-lab-messages.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** What can break the shop on purpose: which of it does now, what sets and heals it, and what it looks like. */
export function FaultsView() {
  const { refetchInterval } = useLive()
  const { data: config } = useQuery(appConfigOptions)
  const { t } = useLabMessages()
  const labUnderWay = useIsLabUnderWay()
  const faults = useQuery({
    ...listFaults(),
    refetchInterval,
    enabled: config?.faults === true && labUnderWay === false,
  })
  if (config && !config.faults) return <Unavailable />
  if (labUnderWay)
    return (
      <p className="notice" role="status">
        {t.hidden}
      </p>
    )
  return (
    <>
      <QueryProblem query={faults} />
      {faults.data && <FaultList faults={faults.data} />}
    </>
  )
}

/** Says what brings a page that can set faults. */
function Unavailable() {
  const { t } = useFaultMessages()
  const { data: config } = useQuery(appConfigOptions)
  return (
    <div className="empty" role="status">
      <p>{t.off}</p>
      <p>
        {config?.signals ? t.start : t.setUp}{' '}
        <code className="command">{config?.signals ? 'make local FAULTS=1' : 'FAULTS_PAGE=true'}</code>
      </p>
    </div>
  )
}

function FaultList({ faults }: { faults: Fault[] }) {
  const { t } = useFaultMessages()
  const { count } = useSignalsLanguage()
  const heal = useHealFault()
  const [said, setSaid] = useState('')
  const on = faults.filter((fault) => fault.on)
  const nothing = on.length === 0 || heal.isPending
  return (
    <section className="alert-group">
      <h2>
        {t.heading} <span className="muted">{count(faults.length)}</span>
      </h2>
      <p className="muted">{t.lead}</p>
      <div className="faults-on">
        <p role="status">
          {said} {on.length > 0 ? t.active(on.map(({ name }) => name).join(', ')) : t.none}
        </p>
        <button
          type="button"
          aria-disabled={nothing}
          onClick={() => nothing || heal.mutate(undefined, { onSuccess: () => setSaid(t.healedAll) })}
        >
          {t.healAll}
        </button>
      </div>
      {heal.error && <ProblemNotice error={heal.error} {...(isTransient(heal.error) && { hint: t.unknown })} />}
      <ul className="alert-list">
        {faults.map((fault) => (
          <FaultCard key={fault.name} fault={fault} />
        ))}
      </ul>
    </section>
  )
}

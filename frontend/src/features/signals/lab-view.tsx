import type { Lab } from '@hello/shop/api/lab'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { appConfigOptions } from '../../shared/app-config.ts'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { useLab } from './lab-api.ts'
import { LabEnd } from './lab-end.tsx'
import { LabTask } from './lab-task.tsx'
import { LabTimer } from './lab-timer.tsx'
import { useLabMessages } from './use-lab-messages.ts'

/** The lab that is under way: what is asked, where to look, hints, and the answer with its grade. */
export function LabView() {
  const { data: config } = useQuery(appConfigOptions)
  const lab = useLab()
  const { data } = lab
  // The program of a lab that is over is gone soon, and its solution is to be read.
  const [last, setLast] = useState<Lab>()
  if (data && data !== last) setLast(data)
  const shown = data ?? (last?.end ? last : undefined)
  if (config && !config.lab) return <NoLab said="off" how="start" command="make local" />
  return (
    <>
      <QueryProblem query={lab} />
      {shown && <ShownLab key={shown.wellSince} lab={shown} running={data !== null} />}
      {data === null && !shown && <NoLab said="none" how="begin" command="make lab N=1" />}
    </>
  )
}

function NoLab({ said, how, command }: { said: 'none' | 'off'; how: 'begin' | 'start'; command: string }) {
  const { t } = useLabMessages()
  return (
    <div className="empty" role="status">
      <p>{t[said]}</p>
      <p>
        {t[how]} <code className="command">{command}</code>
      </p>
    </div>
  )
}

function ShownLab({ lab, running }: { lab: Lab; running: boolean }) {
  const { t, language, count } = useLabMessages()
  const { name, points, end } = lab
  return (
    <section className="lab">
      <header className="lab-header">
        <h2>{name ? t.named(String(name.number), name.title[language]) : t.unnamed}</h2>
        {!end && (
          <p className="lab-facts muted">
            <LabTimer lab={lab} />
            <span>{t.worth(count(points))}</span>
          </p>
        )}
      </header>
      {end ? <LabEnd lab={lab} end={end} running={running} /> : <LabTask lab={lab} />}
    </section>
  )
}

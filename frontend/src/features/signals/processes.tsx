import type { ProcessState } from '@hello/signals-api/process'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLive } from './live.tsx'
import { ServiceMark } from './service-mark.tsx'
import { listProcesses } from './signals-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

const tones = { starting: 'pending', running: 'good', waiting: 'bad', stopped: 'pending' } as const

/** The shop's processes in a line, above a table of them that opens by itself when one waits to be started again. */
export function Processes() {
  const { t, count } = useSignalsLanguage()
  const { refetchInterval } = useLive()
  const [open, setOpen] = useState(false)
  const { data: processes = [] } = useQuery({ ...listProcesses(), refetchInterval })
  if (processes.length === 0) return null
  const waiting = processes.filter(({ state }) => state === 'waiting')
  const running = processes.filter(({ state }) => state === 'running')
  const names = waiting.map(({ name }) => name).join(', ')
  return (
    <details
      className="panel processes"
      open={open || waiting.length > 0}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span>{t.processes.heading}</span>{' '}
        <span role="status">
          {waiting.length > 0
            ? t.processes.waitingFor(names)
            : t.processes.running(count(running.length), count(processes.length))}
        </span>
      </summary>
      <div className="scrolls">
        <table className="stacks" aria-label={t.processes.heading}>
          <thead>
            <tr>
              <th scope="col">{t.processes.name}</th>
              <th scope="col">{t.processes.state}</th>
              <th scope="col" className="number">
                {t.processes.pid}
              </th>
              <th scope="col" className="number">
                {t.processes.restarts}
              </th>
              <th scope="col">{t.processes.lastExit}</th>
              <th scope="col">{t.processes.nextStart}</th>
            </tr>
          </thead>
          <tbody>
            {processes.map((process) => (
              <ProcessRow key={process.name} process={process} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function ProcessRow({ process }: { process: ProcessState }) {
  const { t, count, clock } = useSignalsLanguage()
  const { name, state, pid, restarts, lastExit, nextStart } = process
  const how = lastExit && t.processes.ended(lastExit.signal ?? lastExit.code ?? lastExit.error ?? '')
  return (
    <tr>
      <th scope="row">
        <ServiceMark service={name === 'postgres' ? 'PostgreSQL' : name} />
      </th>
      <td data-label={t.processes.state}>
        <span className="badge" data-tone={tones[state]}>
          {t.processes.states[state]}
        </span>
      </td>
      <td className="number" data-label={t.processes.pid}>
        {pid}
      </td>
      <td className="number" data-label={t.processes.restarts}>
        {count(restarts)}
      </td>
      <td data-label={t.processes.lastExit}>{lastExit && `${clock(lastExit.time)} · ${how}`}</td>
      <td data-label={t.processes.nextStart}>{nextStart && clock(nextStart)}</td>
    </tr>
  )
}

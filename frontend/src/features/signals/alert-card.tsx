import type { Alert } from '@hello/shop/api/alert'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { appConfigOptions } from '../../shared/app-config.ts'
import { AlertLinks } from './alert-links.tsx'
import { Runbook } from './runbook.tsx'
import { SilenceForm } from './silence-form.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

type Props = {
  alert: Alert
  /** Says what was done, and takes the focus. */
  announce: (text: string) => void
}

const tones: Record<string, string> = { critical: 'bad', warning: 'pending' }

/** One alert: what it says, since when, and what leads on from it. */
export function AlertCard({ alert, announce }: Props) {
  const { t, time, ago } = useSignalsLanguage()
  const { data: config } = useQuery(appConfigOptions)
  const [open, setOpen] = useState<'runbook' | 'silence' | null>(null)
  const id = useId()
  const { name, severity, state, since, summary, description, labels, receivers } = alert
  const toggle = (what: 'runbook' | 'silence', label: string) => (
    <button
      type="button"
      aria-expanded={open === what}
      aria-controls={`${id}-${what}`}
      aria-label={t.alertsView.of(label, name)}
      onClick={() => setOpen(open === what ? null : what)}
    >
      {label}
    </button>
  )
  const begun = Date.parse(since)
  return (
    <li className="panel alert">
      <h3>
        {name}{' '}
        {severity && (
          <span className="badge" data-tone={tones[severity] ?? 'plain'}>
            {severity}
          </span>
        )}
      </h3>
      <p className="alert-facts muted">
        {state !== 'firing' && <span>{t.alertsView.state[state]}</span>}
        <time dateTime={since}>{t.alertsView.since(time(new Date(begun)), ago(begun))}</time>
        {receivers.length > 0 && <span>{t.alertsView.receivers(receivers.join(', '))}</span>}
      </p>
      {/* The rules' own words. */}
      {summary && (
        <p className="alert-summary" lang="en">
          {summary}
        </p>
      )}
      {description && <p lang="en">{description}</p>}
      <ul className="alert-labels" aria-label={t.alertsView.labels(name)}>
        {Object.entries(labels)
          .filter(([label]) => label !== 'alertname' && label !== 'severity')
          .map(([label, value]) => (
            <li key={label}>
              <code>
                {label}={value}
              </code>
            </li>
          ))}
      </ul>
      <div className="alert-actions">
        {toggle('runbook', t.alertsView.runbook)}
        <AlertLinks alert={alert} />
        {config?.silences && state === 'firing' && toggle('silence', t.silence.silence)}
      </div>
      {open === 'runbook' && (
        <div className="alert-more" id={`${id}-runbook`}>
          <Runbook name={name} url={alert.runbookUrl} />
        </div>
      )}
      {open === 'silence' && (
        <div className="alert-more" id={`${id}-silence`}>
          <SilenceForm alert={alert} announce={announce} />
        </div>
      )}
    </li>
  )
}

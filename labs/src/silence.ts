import { setTimeout as delay } from 'node:timers/promises'
import { faultNamed, type IncidentLab, problemsOf } from './lab.ts'
import { type Prometheus, RefusedQuery } from './prometheus.ts'

/** The query for the alerts that the faults of a lab must raise, by their labels: one of the name may be a page, another a ticket. */
function alertsQuery(lab: IncidentLab): string {
  const fires = problemsOf(lab).flatMap(({ incident }) => ('fault' in incident ? faultNamed(incident.fault).fires : []))
  const selectors = fires.map(({ alert, labels }) =>
    Object.entries({ alertname: alert, ...labels }).map(([name, value]) => `${name}="${value}"`),
  )
  return selectors.map((matchers) => `ALERTS{${matchers.join(', ')}}`).join(' or ')
}

/** Between two looks, in milliseconds. */
const interval = 2000

/** For how long Prometheus may give no answer, which is started again when it is killed, in milliseconds. */
const mostAway = 30_000

interface Waiting {
  /** What is waited for, told once. */
  onLoud(alerts: string[]): void
  /** Ends the waiting, with an AbortError. */
  signal: AbortSignal
}

/**
 * Waits until no alert that a lab's faults raise fires or is about to, which may be half an hour after the shop is well again.
 *
 * @throws what it last failed with, if Prometheus stays away
 */
export async function untilSilent(
  lab: IncidentLab,
  prometheus: Prometheus,
  { onLoud, signal }: Waiting,
): Promise<void> {
  const query = alertsQuery(lab)
  if (!query) return
  let answeredAt = Date.now()
  for (let told = false; ; await delay(interval, undefined, { signal })) {
    const now = Date.now()
    try {
      const loud = new Set((await prometheus.rows(query, { from: now, to: now })).map(({ alertname }) => alertname!))
      answeredAt = Date.now()
      if (loud.size === 0) return
      if (!told) onLoud([...loud])
      told = true
    } catch (error) {
      if (error instanceof RefusedQuery || Date.now() - answeredAt > mostAway) throw error
    }
  }
}

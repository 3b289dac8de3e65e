import { errorFields } from '@hello/telemetry/error-fields'
import { SpanStatusCode } from '@opentelemetry/api'
import type { FastifyBaseLogger } from 'fastify'
import { type Actions, firstStep, Refused, subjectOf } from './actions.ts'
import type { GivenAlert } from './alertmanager.ts'
import type { Action, ActionName, Allowed } from './allow-list.ts'
import type { Case } from './cases.ts'
import type { HealerMetrics, Outcome } from './healer-metrics.ts'
import { traceStep } from './healer-trace.ts'

interface Surroundings {
  actions: Actions
  dryRun: boolean
  metrics: HealerMetrics
  log: FastifyBaseLogger
}

/** How log lines name an alert. */
export const alertFields = ({ fingerprint, labels }: Pick<GivenAlert, 'fingerprint' | 'labels'>) => ({
  alert: labels.alertname,
  fingerprint,
  subject: subjectOf(labels),
})

const actionOf = (error: unknown, [first]: readonly [Action, ...Action[]]): ActionName =>
  (error as { action?: ActionName }).action ?? first.name

/**
 * Does the first of the allowed actions that has something to do, or only says so in a dry run; each is a metric, a log line and a
 * span.
 *
 * @returns what came of it
 */
export function act(
  { actions, dryRun, metrics, log }: Surroundings,
  { heardIn }: Case,
  alert: GivenAlert,
  { actions: allowed }: Allowed,
): Promise<Outcome | 'nothing-to-do'> {
  return traceStep('act on alert', alert, heardIn, async (span) => {
    function tell(action: ActionName, outcome: Outcome, told: Record<string, unknown>) {
      metrics.acted(action, outcome)
      span.setAttributes({ 'healer.action': action, 'healer.outcome': outcome })
      const after_s = Math.round((Date.now() - Date.parse(alert.startsAt)) / 1000)
      log.warn({ ...alertFields(alert), action, outcome, after_s, ...told }, 'healing action')
      return outcome
    }
    let begun: ActionName | undefined
    try {
      const step = await firstStep(actions, allowed, subjectOf(alert.labels))
      if (!step) {
        span.setAttribute('healer.outcome', 'nothing-to-do')
        return 'nothing-to-do'
      }
      begun = step.action
      span.setAttribute('healer.what', step.what)
      if (!dryRun) await step.take()
      return tell(step.action, dryRun ? 'dry-run' : 'done', { what: step.what })
    } catch (error) {
      span.recordException(errorFields(error))
      span.setStatus({ code: SpanStatusCode.ERROR })
      return tell(begun ?? actionOf(error, allowed), error instanceof Refused ? 'refused' : 'failed', { err: error })
    }
  })
}

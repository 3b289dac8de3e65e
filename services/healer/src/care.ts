import type { SpanContext } from '@opentelemetry/api'
import type { FastifyBaseLogger } from 'fastify'
import { act, alertFields } from './act.ts'
import { type Actions, subjectOf } from './actions.ts'
import type { Alertmanager, GivenAlert } from './alertmanager.ts'
import { allowedFor } from './allow-list.ts'
import type { Case } from './cases.ts'
import type { HealerMetrics, Verdict } from './healer-metrics.ts'
import { traceStep } from './healer-trace.ts'
import type { OrderCheck } from './order-check.ts'
import { pageFor } from './page.ts'
import { type Attempt, decide, isSilent, type Policy, stillMattering } from './policy.ts'

export interface CareOptions {
  policy: Policy
  alertmanager: Alertmanager
  actions: Actions
  sells: OrderCheck
  metrics: HealerMetrics
  log: FastifyBaseLogger
  /** Milliseconds since 1970. */
  now?: () => number
}

/** A page is repeated before Alertmanager forgets it, in milliseconds. */
const pageInterval = 60_000

/** Looks after alerts: acts on what fires, sees whether that helped, and pages a person where it does not. */
export function createCare({ policy, alertmanager, actions, sells, metrics, log, now = Date.now }: CareOptions) {
  const startedAt = now()
  const cases = new Map<string, Case>()
  let attempts: Attempt[] = []

  function decided(one: Case, verdict: Verdict) {
    if (one.verdict === verdict) return
    one.verdict = verdict
    metrics.decided(verdict)
    if (one.alert) log.info({ ...alertFields(one.alert), decision: verdict }, 'alert looked at')
  }

  /** Tells a person, or tells again; once more is the same alert for Alertmanager. */
  async function page(one: Case, alert: GivenAlert, why: string) {
    if (one.page && now() - one.page.at < pageInterval) return
    const first = !one.page
    one.page = { why, at: now() }
    await traceStep('page a person', alert, one.heardIn, () => alertmanager.post(pageFor(alert, why, now())))
    if (first) log.error({ ...alertFields(alert), why }, 'gave up; a person is paged')
  }

  async function tryToHeal(one: Case, alert: GivenAlert, allowed: NonNullable<ReturnType<typeof allowedFor>>) {
    // Before anything is awaited, so that no other alert about the same subject is acted on meanwhile.
    const attempt = { fingerprint: one.fingerprint, subject: subjectOf(alert.labels), at: now() }
    attempts.push(attempt)
    const outcome = await act({ actions, dryRun: policy.dryRun, metrics, log }, one, alert, allowed)
    if (outcome === 'nothing-to-do') {
      attempts = attempts.filter((other) => other !== attempt)
      decided(one, 'nothing-to-do')
    }
    if (outcome === 'done') one.actedAt = now()
  }

  async function lookAtFiring(one: Case, alert: GivenAlert) {
    one.alert = alert
    one.silentSince = undefined
    const allowed = allowedFor(alert.labels.alertname)
    if (!allowed) {
      decided(one, 'not-listed')
      cases.delete(one.fingerprint)
      return
    }
    // Who silenced it works on it.
    if (alert.status.state === 'suppressed') return decided(one, 'silenced')
    const { fingerprint, labels, startsAt } = alert
    const subject = { fingerprint, subject: subjectOf(labels), startsAt: Date.parse(startsAt) }
    const verdict = decide({ alert: subject, attempts, policy, startedAt, now: now() })
    if (verdict === 'give-up') {
      decided(one, verdict)
      await page(one, alert, `it still fires after ${policy.strikes} actions within ${policy.strikesKept / 60} minutes`)
    } else if (verdict === 'act') await tryToHeal(one, alert, allowed)
    else decided(one, verdict)
  }

  async function endPage(one: Case, alert: GivenAlert) {
    if (!one.page) return
    const { labels, annotations } = pageFor(alert, one.page.why, now())
    await alertmanager.post({ labels, annotations, endsAt: new Date(now()).toISOString() })
    delete one.page
  }

  async function lookAtSilent(one: Case) {
    const { alert, actedAt, fingerprint, heardIn } = one
    // Nothing was done about it: that it ended is nobody's merit.
    if (!alert || (actedAt === undefined && !one.page)) return cases.delete(fingerprint)
    one.silentSince ??= now()
    if (!isSilent(one.silentSince, policy, now())) return
    const works = await traceStep('check recovery', alert, heardIn, async (span) => {
      const sold = await sells(`healer-${fingerprint}-${one.silentSince}`)
      span.setAttribute('healer.healed', sold)
      return sold
    })
    if (works) {
      await endPage(one, alert)
      cases.delete(fingerprint)
      if (actedAt === undefined) return
      metrics.healed()
      log.warn({ ...alertFields(alert), after_s: Math.round((now() - actedAt) / 1000) }, 'healed')
    } else if (actedAt !== undefined && now() - actedAt >= policy.cooldown * 1000)
      await page(one, alert, 'it is silent after an action, and yet no order works')
  }

  return {
    /** Takes an alert into care; of one that is in care already nothing changes. */
    hear(fingerprint: string, heardIn: SpanContext | undefined) {
      if (!cases.has(fingerprint)) cases.set(fingerprint, { fingerprint, heardIn, silentSince: undefined })
    },

    /** How many are in care. */
    get size() {
      return cases.size
    },

    /**
     * Looks at every alert in care once.
     *
     * @throws UpstreamError when Alertmanager cannot be asked; then nothing is known, and nobody is silent
     */
    async look() {
      attempts = stillMattering(attempts, policy, now())
      let firing: Map<string, GivenAlert>
      try {
        firing = new Map((await alertmanager.firing()).map((alert) => [alert.fingerprint, alert]))
      } catch (error) {
        for (const one of cases.values()) one.silentSince = undefined
        throw error
      }
      const looks = [...cases.values()].map((one) => {
        const alert = firing.get(one.fingerprint)
        return alert ? lookAtFiring(one, alert) : lookAtSilent(one)
      })
      const failed = (await Promise.allSettled(looks)).find((look) => look.status === 'rejected')
      metrics.open(cases.size, [...cases.values()].filter((one) => one.page).length)
      if (failed) throw failed.reason
    },
  }
}

export type Care = ReturnType<typeof createCare>

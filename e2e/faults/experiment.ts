import type { Fault } from '@hello/faults/fault'
import type { FlagStore } from '@hello/faults/flag-store'
import { eventually, type Patience } from '@hello/test-support/eventually'
import type { Backends } from '../lib/panel-results.ts'
import { type FiringAlert, firingAlerts, isExpected } from './alerts.ts'
import { countRows } from './evidence.ts'
import { whileBroken } from './while-broken.ts'

/** A fault as it was observed. */
export interface Observed {
  fault: Fault
  /** Seconds from its injection until the first of its alerts was at Alertmanager; undefined where none has to be. */
  firedAfter: number | undefined
  /** Seconds from its cure until the first of its alerts was not any more. */
  resolvedAfter: number | undefined
  /** Names of what paged, of what fired besides as it may, and of what neither had to nor may. */
  pages: string[]
  others: string[]
  unexpected: string[]
  /** Rows of each piece of evidence before, during and after. */
  evidence: { query: string; before: number; during: number; after: number }[]
}

/** The shop that is broken, and those that see it. */
export interface Scene {
  faults: FlagStore
  backends: Backends & { alertmanager: string }
  /** For what never comes. */
  patience: Patience
  /** For how long it has been well, in milliseconds. */
  wellFor: number
  /** How long a fault is watched that raises no alert, in milliseconds. */
  watchFor: number
}

/** How far back there must be no evidence any more for a fault to be over, in milliseconds. */
const recent = 3000

/** Tickets that any outage leaves behind, in a Prometheus that has seen little else: they tell of what it cost, not of the fault. */
const isCost = ({ name, labels }: FiringAlert) =>
  labels.severity === 'warning' && /^Shop(ErrorBudgetNearlySpent|\w+BudgetBurn)$/.test(name)

const mayFire = (fault: Fault) => (alert: FiringAlert) =>
  fault.fires.some(isExpected(alert)) ||
  fault.mayFire.includes(alert.name) ||
  (fault.breaks !== 'nothing' && isCost(alert))

const names = (alerts: FiringAlert[]) => [...new Set(alerts.map(({ name }) => name))].sort()

/** Remembers every alert, as it paged or did not. */
function watchAlerts(alertmanager: string) {
  const seen = new Map<string, FiringAlert>()
  return {
    seen: () => [...seen.values()],
    async look(): Promise<FiringAlert[]> {
      const alerts = await firingAlerts(alertmanager)
      for (const alert of alerts) seen.set(JSON.stringify(alert), alert)
      return alerts
    },
  }
}

/**
 * Breaks a shop that is well and about which nothing fires, watches until all that must fire does and all evidence is there, mends
 * it, and watches until the first alert and the evidence are gone.
 */
export async function experiment(
  fault: Fault,
  { faults, backends, patience, wellFor, watchFor }: Scene,
): Promise<Observed> {
  const alerts = watchAlerts(backends.alertmanager)
  const rowsSince = (from: number, known: number[] = []) =>
    Promise.all(fault.evidence.map((one, index) => known[index] || countRows(one, backends, from)))
  const [first] = fault.fires
  const injectedAt = Date.now()
  const before = await rowsSince(injectedAt - wellFor)
  let firedAfter: number | undefined
  let during = before

  async function untilSeen() {
    const firing = await alerts.look()
    const fired = fault.fires.filter((expected) => firing.some((alert) => isExpected(alert)(expected)))
    if (first && fired.includes(first)) firedAfter ??= (Date.now() - injectedAt) / 1000
    during = await rowsSince(injectedAt, during)
    if (fired.length < fault.fires.length || during.includes(0))
      throw new Error(`fired ${names(firing)} of ${fault.fires.map(({ alert }) => alert)}; rows of evidence ${during}`)
    return first !== undefined || Date.now() > injectedAt + watchFor
  }
  await whileBroken(faults, fault, () => eventually(untilSeen, patience))

  const healedAt = Date.now()
  let resolvedAfter: number | undefined
  let after = during
  await eventually(async () => {
    const still = first && (await alerts.look()).some((alert) => isExpected(alert)(first))
    if (still) throw new Error(`healed, and ${first!.alert} fires`)
    if (first) resolvedAfter ??= (Date.now() - healedAt) / 1000
    after = await rowsSince(Date.now() - recent)
    if (after.some((count) => count > 0)) throw new Error(`healed, and rows of evidence are still ${after}`)
  }, patience)

  const seen = alerts.seen()
  const expected = seen.filter(mayFire(fault))
  return {
    fault,
    firedAfter,
    resolvedAfter,
    pages: names(seen.filter(({ pages }) => pages)),
    others: names(expected.filter(({ name }) => name !== first?.alert)),
    unexpected: names(seen.filter((alert) => !expected.includes(alert))),
    evidence: fault.evidence.map(({ query }, index) => ({
      ...{ query, before: before[index]!, during: during[index]!, after: after[index]! },
    })),
  }
}

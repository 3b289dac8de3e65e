import type { Evidence, Fault } from '@hello/faults/fault'
import { healFaults, keepFault } from '@hello/faults/flags-file'
import type { Shop } from '@hello/local/shop/start-shop'
import { eventually, type Patience } from '@hello/test-support/eventually'
import type { Backends } from '../lib/panel-results.ts'
import { type FiringAlert, firingAlerts, isExpected } from './alerts.ts'
import { countRows } from './evidence.ts'

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

export interface Laboratory {
  shop: Shop
  backends: Backends & { alertmanager: string }
  /** For what never comes. */
  patience: Patience
  /** How long a fault is watched that raises no alert, in milliseconds. */
  watchFor: number
}

const longest = 3_600_000

/** Tickets that any outage leaves behind, in a Prometheus that has seen little else: they tell of what it cost, not of the fault. */
const costs = ({ name, labels }: FiringAlert) =>
  labels.severity === 'warning' && /^Shop(ErrorBudgetNearlySpent|\w+BudgetBurn)$/.test(name)

/** Breaks a shop that is well, watches until the alerts that must fire do, mends it, and watches until they are silent. */
export async function experiment(fault: Fault, { shop, backends, patience, watchFor }: Laboratory): Promise<Observed> {
  const rows = (from: number) => Promise.all(fault.evidence.map((one: Evidence) => countRows(one, backends, from)))
  const seen = new Map<string, FiringAlert>()
  const known = new Set((await firingAlerts(backends.alertmanager)).map(({ labels }) => JSON.stringify(labels)))

  async function look(): Promise<FiringAlert[]> {
    const alerts = (await firingAlerts(backends.alertmanager)).filter(
      ({ labels }) => !known.has(JSON.stringify(labels)),
    )
    for (const alert of alerts) seen.set(`${JSON.stringify(alert.labels)} ${alert.pages}`, alert)
    return alerts
  }

  const injectedAt = Date.now()
  const before = await rows(injectedAt - watchFor)
  const stopping = new AbortController()
  const kept = keepFault(shop.faultsFile, fault, { forMs: longest, signal: stopping.signal })
  let firedAfter: number | undefined
  let resolvedAfter: number | undefined
  const during = fault.evidence.map(() => 0)
  try {
    const deadline = injectedAt + watchFor
    await eventually(async () => {
      const alerts = await look()
      const fired = fault.fires.filter((expected) => alerts.some((alert) => isExpected(alert)(expected)))
      if (fired.length > 0) firedAfter ??= (Date.now() - injectedAt) / 1000
      for (const [index, count] of (await rows(injectedAt)).entries()) during[index] = Math.max(during[index]!, count)
      const shown = during.every((count) => count > 0)
      if (fired.length < fault.fires.length || !shown)
        throw new Error(
          `${fault.name}: fired ${fired.map(({ alert }) => alert)} of ${fault.fires.map(({ alert }) => alert)}, evidence ${during}, others ${[...seen.values()].map(({ name }) => name)}`,
        )
      return fault.fires.length > 0 || Date.now() > deadline
    }, patience)
  } finally {
    await healFaults(shop.faultsFile, [fault.name])
    stopping.abort()
    await kept
  }
  const healedAt = Date.now()
  const after = fault.evidence.map(() => 0)
  await eventually(async () => {
    const alerts = await look()
    const still = alerts.filter((alert) => fault.fires.slice(0, 1).some(isExpected(alert)))
    if (still.length === 0 && fault.fires.length > 0) resolvedAfter ??= (Date.now() - healedAt) / 1000
    const counts = await rows(Date.now() - 3000)
    for (const [index, count] of counts.entries()) after[index] = count
    if (still.length > 0 || counts.some((count) => count > 0))
      throw new Error(`${fault.name}: still firing ${still.map(({ name }) => name)}, evidence ${counts}`)
  }, patience)

  const all = [...seen.values()]
  const expected = (alert: FiringAlert) =>
    fault.fires.some(isExpected(alert)) ||
    fault.mayFire.includes(alert.name) ||
    (fault.breaks !== 'nothing' && costs(alert))
  const names = (alerts: FiringAlert[]) => [...new Set(alerts.map(({ name }) => name))].sort()
  return {
    fault,
    firedAfter,
    resolvedAfter,
    pages: names(all.filter(({ pages }) => pages)),
    others: names(all.filter((alert) => expected(alert) && alert.name !== fault.fires[0]?.alert)),
    unexpected: names(all.filter((alert) => !expected(alert))),
    evidence: fault.evidence.map(({ query }, index) => ({
      query,
      before: before[index]!,
      during: during[index]!,
      after: after[index]!,
    })),
  }
}

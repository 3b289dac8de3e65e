import { setTimeout as delay } from 'node:timers/promises'
import { activeFaults, type FlagStore, keepFault } from '@hello/faults/flag-store'
import { findProcess } from '@hello/processes/process-info'
import type { ServiceName } from '@hello/shop/services'
import type { Answer } from './answers.ts'
import { findEvidence, type Grade, gradeAnswer, happened, isRight, type Periods, partsRight } from './grade.ts'
import {
  faultNamed,
  type Incident,
  type IncidentLab,
  killsProcess,
  needsStack,
  type Problem,
  problemsOf,
} from './lab.ts'
import type { Signals } from './signals.ts'
import { buyOne, type Shelves, startCustomers, startVisits } from './visitors.ts'

/** A shop, as far as a lab has to know it. */
export interface LabShop {
  /** Base URL of what passes its API on. */
  frontend: string
  shelves: Shelves
  /** The flags that its services read. */
  faults: FlagStore
  signals: Signals
}

/** The shop is not fit for a lab; the message says why and what to do. */
export class UnfitShop extends Error {}

const longest = 3_600_000
/** A killed service is started again within a second and has to take up what lay about before it is killed again, in milliseconds. */
const betweenKills = 8000

interface Breaking {
  /** Resolves when the shop is broken. */
  begun: Promise<void>
  /** Mends it. */
  end(): Promise<void>
}

function breakByFault(name: string, faults: FlagStore): Breaking {
  const stopping = new AbortController()
  let onKept = () => {}
  const begun = new Promise<void>((resolve) => {
    onKept = resolve
  })
  const kept = keepFault(faults, faultNamed(name), { forMs: longest, signal: stopping.signal, onKept })
  return {
    begun: Promise.race([begun, kept.then(() => {})]),
    async end() {
      stopping.abort()
      await kept
    },
  }
}

/** How many buy while a process is killed, of whom some do not ask again for what was under way. */
const buyersAtOnce = 20

function breakByKilling(service: ServiceName, { frontend, signals }: LabShop): Breaking {
  const stopping = new AbortController()
  const { signal } = stopping
  async function killOnce() {
    const pid = (await signals.processes!()).find(({ name, state }) => name === service && state === 'running')?.pid
    // Orders that come together are done together, in one batch; those of buyers who go on are in the midst of it at any time.
    let answered = 0
    let killed = false
    const busy = Promise.withResolvers<void>()
    async function buyUntilKilled() {
      do {
        await buyOne(frontend).catch(() => {})
        answered += 1
        if (answered === buyersAtOnce) busy.resolve()
      } while (!killed)
    }
    const buyers = Array.from({ length: buyersAtOnce }, buyUntilKilled)
    await busy.promise
    if (pid && findProcess(pid)?.command.includes('server.ts')) process.kill(pid, 'SIGKILL')
    killed = true
    await Promise.all(buyers)
  }
  async function killAgainAndAgain() {
    while (!signal.aborted) {
      await delay(betweenKills, undefined, { signal }).catch(() => {})
      if (!signal.aborted) await killOnce()
    }
  }
  const begun = killOnce()
  const killing = begun.then(killAgainAndAgain)
  return {
    begun,
    async end() {
      stopping.abort()
      await killing
    },
  }
}

function breakShop(incident: Incident, shop: LabShop): Breaking {
  if ('fault' in incident) return breakByFault(incident.fault, shop.faults)
  if ('killed' in incident) return breakByKilling(incident.killed, shop)
  const visits = startVisits(shop.frontend, [incident.visitor(shop.shelves)])
  return { begun: Promise.resolve(), end: visits.end }
}

/** @throws UnfitShop */
async function refuseUnfit(lab: IncidentLab, { frontend, faults, signals }: LabShop) {
  if (killsProcess(lab) && !signals.processes)
    throw new UnfitShop(`Lab ${lab.number} kills a process, of make local only: make lab N=${lab.number}`)
  if (needsStack(lab) && !signals.prometheus)
    throw new UnfitShop(
      `Lab ${lab.number} asks Prometheus, which does not run: make local STACK=1 (after make tools STACK=1, once)`,
    )
  const active = await activeFaults(faults)
  if (active.length > 0)
    throw new UnfitShop(`The shop is broken already, by ${active.map(({ name }) => name).join(', ')}: make heal`)
  try {
    await buyOne(frontend)
  } catch (error) {
    throw new UnfitShop(
      `The shop at ${frontend} does not work, so nothing can be learned from it: ${(error as Error).message}`,
    )
  }
}

/** A lab that is under way. */
export interface LabRun {
  periods(): Periods
  grade(answer: Answer): Promise<Grade>
  /** Mends the shop, and resolves when orders work. */
  end(): Promise<void>
}

interface LabStart {
  /** For how long the shop is left well, in milliseconds. */
  wellFor: number
  /** Gives the lab up, and mends the shop. */
  signal?: AbortSignal
  /** The shop is fit for a lab, and customers come. */
  onWell?(): void
}

/**
 * Lets customers come, and breaks the shop after it has been well for a while.
 *
 * @throws UnfitShop
 */
export async function startLab(
  lab: IncidentLab,
  shop: LabShop,
  { wellFor, signal, onWell }: LabStart,
): Promise<LabRun> {
  await refuseUnfit(lab, shop)
  const { signals } = shop
  await until(() => isForgotten(lab, signals), untilTold, signal)
  onWell?.()
  const customers = await startCustomers(shop.frontend, shop.shelves)
  const problems = problemsOf(lab)
  const told = new Set<Problem>()
  let breaking: Breaking[] = []
  async function end() {
    try {
      await Promise.all(breaking.map((one) => one.end()))
      await untilWell(shop.frontend)
    } finally {
      await customers.end()
    }
  }
  const wellSince = Date.now()
  try {
    await delay(wellFor, undefined, { signal })
    const brokenSince = Date.now()
    breaking = problems.map(({ incident }) => breakShop(incident, shop))
    await Promise.all(breaking.map(({ begun }) => begun))
    const periods = () => ({
      healthy: { from: wellSince, to: brokenSince },
      incident: { from: brokenSince, to: Date.now() },
    })
    // So that nobody who is quick is told that there is nothing.
    for (const problem of problems) await until(() => happened(problem, signals, periods().incident), untilTold, signal)
    async function grade(answer: Answer): Promise<Grade> {
      let best: Grade | undefined
      for (const problem of [...problems.filter((one) => !told.has(one)), ...told]) {
        const one = await gradeAnswer(problem, answer, signals, periods())
        if (isRight(one)) told.add(problem)
        if (!best || partsRight(one) > partsRight(best)) best = one
      }
      const missing = problems.length - told.size
      return { ...best!, ...(isRight(best!) && missing > 0 && { missing }) }
    }
    return { periods, grade, end }
  } catch (error) {
    await end()
    throw error
  }
}

/** More than it takes until a service has read its flags, has taken its rarest sample, was scraped, and its spans came, in milliseconds. */
const untilTold = 60_000

/** Waits until something is so, and no longer than some milliseconds. */
async function until(isSo: () => Promise<boolean>, most: number, signal: AbortSignal | undefined) {
  for (const deadline = Date.now() + most; Date.now() < deadline && !(await isSo()); )
    await delay(250, undefined, { signal })
}

/** Whether Prometheus shows nothing any more that the same lab has left, which would be taken for what a healthy shop shows. */
async function isForgotten(lab: IncidentLab, signals: Signals): Promise<boolean> {
  const now = { from: Date.now(), to: Date.now() }
  const queries = problemsOf(lab).filter(({ evidence }) => evidence.kind === 'promql')
  const found = await Promise.all(queries.map(({ evidence }) => findEvidence(evidence, signals, now)))
  return found.every((one) => one === undefined)
}

/** What the shop needs to recover from any incident, with a breaker open and a process started again, and more than that. */
const recovery = 60_000

/** So many orders one after the other tell a shop that works from one that sometimes does. */
const proof = 5

async function untilWell(frontend: string) {
  const deadline = Date.now() + recovery
  for (let bought = 0; bought < proof; await delay(300)) {
    try {
      await buyOne(frontend)
      bought++
    } catch (error) {
      if (Date.now() > deadline) throw error
      bought = 0
    }
  }
}

import { allFaults } from '@hello/faults/all-faults'
import type { Fault, Text } from '@hello/faults/fault'
import type { ServiceName } from '@hello/shop/services'
import type { LogLine, LogQuery } from '@hello/signals-api/log'
import type { TraceDetail, TraceQuery } from '@hello/signals-api/trace'
import type { Component, Mechanism } from './answers.ts'
import type { Visitor } from './visitors.ts'

/** What breaks the shop while a lab is under way, with hints from vague to exact; a fault has its own. */
export type Incident =
  | { fault: string }
  /** A process that is killed again and again, in the midst of orders. */
  | { killed: ServiceName; hints: readonly Text[] }
  /** Somebody who does something else than the customers. */
  | { visitor: Visitor; hints: readonly Text[] }

/**
 * What the learner hands in, how it is recognized, and how who knows finds it: `search` is what an expert asks for on the Signals
 * page, and its newest result is an answer that is right.
 */
export type Evidence =
  | { kind: 'trace'; search: Partial<TraceQuery>; shows: (trace: TraceDetail) => boolean }
  | { kind: 'log'; search: Partial<LogQuery> & { text: string }; shows: (line: LogLine) => boolean }
  /** Nothing is wrong, and there is nothing to hand in. */
  | { kind: 'none' }

/** An incident to be explained. Its texts are `en.md` and `ko.md` beside it. */
export interface Lab {
  number: number
  /** Of its folder, after the number; it says what a visitor sees, not the cause. */
  name: string
  incident: Incident
  /** What is right, where more than one name fits. */
  cause: { components: readonly Component[]; mechanisms: readonly Mechanism[] }
  evidence: Evidence
}

export const defineLab = (lab: Lab): Lab => lab

/** @throws Error where no fault has the name */
export function faultNamed(name: string): Fault {
  const fault = allFaults.find((one) => one.name === name)
  if (!fault) throw new Error(`there is no fault ${name}`)
  return fault
}

/** From vague to exact. */
export const hintsOf = ({ incident }: Lab): readonly Text[] =>
  'fault' in incident ? faultNamed(incident.fault).hints : incident.hints

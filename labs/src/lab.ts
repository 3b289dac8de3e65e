import { allFaults } from '@hello/faults/all-faults'
import type { Fault, Text } from '@hello/faults/fault'
import type { ServiceName } from '@hello/shop/services'
import type { LogLine } from '@hello/signals-api/log'
import type { TraceDetail } from '@hello/signals-api/trace'
import type { Component, Mechanism } from './answers.ts'
import type { Labels } from './prometheus.ts'
import type { LogSearch, TraceSearch } from './signals.ts'
import type { Shelves, Visitor } from './visitors.ts'

/** What breaks the shop while a lab is under way, with hints from vague to exact; a fault has its own. */
export type Incident =
  | { fault: string }
  /** A process that is killed again and again, in the midst of orders. */
  | { killed: ServiceName; hints: readonly Text[] }
  /** Somebody who does something else than the customers. */
  | { visitor: (shelves: Shelves) => Visitor; hints: readonly Text[] }

/**
 * What the learner hands in, how it is recognized, and how who knows finds it: `search` is what an expert asks for on the Signals
 * page, and its newest result is an answer that is right.
 */
export type Evidence =
  | { kind: 'trace'; search: TraceSearch; shows: (trace: TraceDetail) => boolean }
  | { kind: 'log'; search: LogSearch & { text: string }; shows: (line: LogLine) => boolean }
  /** A query, which needs the stack; `shows` says of a series whether it tells of the cause. */
  | { kind: 'promql'; search: { query: string }; shows: (series: Labels) => boolean }
  /** Nothing is wrong, and there is nothing to hand in. */
  | { kind: 'none' }

interface InFolder {
  number: number
  /** From what one signal tells to what needs several, or queries. */
  level: 1 | 2 | 3
  /** Of its folder, after the number; it says what a visitor sees, not the cause. The texts are `en.md` and `ko.md` in it. */
  name: string
}

/** What is wrong, and how it is told. */
export interface Problem {
  incident: Incident
  /** What is right, where more than one name fits. */
  cause: { components: readonly Component[]; mechanisms: readonly Mechanism[] }
  evidence: Evidence
}

/** An incident to be explained. */
export interface IncidentLab extends InFolder, Problem {
  /** What is wrong at the same time, by itself: an answer tells of one of the two, and the next of the other. */
  also?: Problem
}

export const problemsOf = (lab: IncidentLab): Problem[] => (lab.also ? [lab, lab.also] : [lab])

/** Something to be written: `start/` in its folder is what the learner begins with, `solution/` what is right. */
export interface WrittenLab extends InFolder {
  /** What is edited, in both folders. */
  file: string
  /** What the grader runs, of what `make tools STACK=1` fetches. */
  needs?: 'promtool' | 'loki'
  /** From vague to exact. */
  hints: readonly Text[]
  /**
   * Runs what was written.
   *
   * @returns what it lacks, in a sentence; undefined where it is right
   */
  grade(file: string, signal: AbortSignal): Promise<Text | undefined>
}

export type Lab = IncidentLab | WrittenLab

/** Whether a lab asks Prometheus, which `make local` has with STACK=1 alone. */
export const needsStack = (lab: Lab): boolean =>
  'incident' in lab && problemsOf(lab).some(({ evidence }) => evidence.kind === 'promql')

/** Whether a lab is for a shop of `make local` alone, of which a process can be killed. */
export const killsProcess = (lab: IncidentLab): boolean => problemsOf(lab).some(({ incident }) => 'killed' in incident)

export const defineLab = (lab: IncidentLab): IncidentLab => lab
export const defineWrittenLab = (lab: WrittenLab): WrittenLab => lab

/** @throws Error where no fault has the name */
export function faultNamed(name: string): Fault {
  const fault = allFaults.find((one) => one.name === name)
  if (!fault) throw new Error(`there is no fault ${name}`)
  return fault
}

/** From vague to exact. */
export const hintsOf = (lab: Lab): readonly Text[] =>
  'incident' in lab
    ? problemsOf(lab).flatMap(({ incident }) =>
        'fault' in incident ? faultNamed(incident.fault).hints : incident.hints,
      )
    : lab.hints

import type { Text } from '@hello/faults/fault'
import type { Lab as ShownLab } from '@hello/shop/api/lab'
import { type Answer, components, mechanisms } from './answers.ts'
import { costs, type Grade, isRight, pointsFor } from './grade.ts'
import { hintsOf, type IncidentLab, type Lab } from './lab.ts'
import type { LabRun } from './lab-run.ts'
import { labText } from './lab-text.ts'
import type { LabProgress } from './progress.ts'
import { tell } from './told.ts'

/** A learner's attempt at a lab. */
export interface Attempt<OfLab extends Lab = Lab> {
  lab: OfLab
  /** Hints and wrong answers are counted in it; `save` writes it down. */
  made: LabProgress
  save(): void
}

/** Gives the next hint, which costs; undefined where there are no more. */
export function nextHint({ lab, made, save }: Attempt): Text | undefined {
  const hint = hintsOf(lab)[made.hints]
  if (!hint) return undefined
  made.hints++
  save()
  return hint
}

interface SessionOptions {
  /** Whether the learner is not told which lab it is. */
  hidden: boolean
  /** Milliseconds until the shop is to break. */
  wellFor: number
  /** What to go on with. */
  next: Lab | undefined
}

const choices = (list: Record<string, Text>) => Object.entries(list).map(([name, text]) => ({ name, text }))

/** A lab under way, which the terminal and the page answer together. */
export function openSession(attempt: Attempt<IncidentLab>, { hidden, wellFor, next }: SessionOptions) {
  const { lab, made, save } = attempt
  const hints = hintsOf(lab)
  const over = new AbortController()
  let wellSince = Date.now()
  let run: LabRun | undefined
  let lastGrade: Grade | undefined
  let end: { solved: boolean; at: number } | undefined

  function finish(solved: boolean) {
    end ??= { solved, at: Date.now() }
    over.abort()
  }

  /** @throws Error before `begin` */
  async function grade(answer: Answer): Promise<Grade> {
    if (!run) throw new Error('the shop is not broken yet')
    const given = await run.grade(answer)
    if (end) return given
    lastGrade = given
    if (isRight(given) && !given.missing) finish(true)
    return given
  }

  return {
    grade,
    finish,
    /** Aborted when it is solved or given up. */
    over: over.signal,
    isSolved: () => end?.solved ?? false,
    /** Whether an answer can be given: the shop is broken, and the lab is not over. */
    isOpen: () => run !== undefined && end === undefined,
    /** The shop is fit for the lab, and is well from now on, for as long as was said. */
    stayWell() {
      wellSince = Date.now()
    },
    /** The shop is broken. */
    begin(started: LabRun) {
      run = started
    },
    hint: () => nextHint(attempt),
    /** As `grade`; a wrong answer costs. */
    async answer(answer: Answer): Promise<void> {
      if (isRight(await grade(answer)) || end) return
      made.wrong++
      save()
    },
    /** What a learner may see of it. */
    shown(): ShownLab {
      const { title, ...told } = tell(lab, hidden && !end)
      const solution = { en: labText(lab, 'en').solution, ko: labText(lab, 'ko').solution }
      return {
        ...told,
        name: hidden && !end ? null : { number: lab.number, title },
        components: choices(components),
        mechanisms: choices(mechanisms),
        well: run === undefined,
        wellSince,
        brokenAt: run ? run.periods().incident.from : wellSince + wellFor,
        hints: hints.slice(0, made.hints),
        moreHints: made.hints < hints.length,
        costs,
        points: end?.solved ? Math.max(made.points ?? 0, pointsFor(made)) : pointsFor(made),
        grade: lastGrade ?? null,
        end: end ? { ...end, solution, next: next?.number ?? null } : null,
      }
    },
  }
}

export type Session = ReturnType<typeof openSession>

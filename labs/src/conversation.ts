import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'
import type { Text } from '@hello/faults/fault'
import { type Answer, components, mechanisms } from './answers.ts'
import { isRight } from './grade.ts'
import { hintsOf, type IncidentLab, type Lab } from './lab.ts'
import type { LabRun } from './lab-run.ts'
import { type Language, labText } from './lab-text.ts'
import type { LabProgress } from './progress.ts'

const words = {
  broken: { en: 'Now it is broken. Look around:', ko: '이제 고장 났습니다. 둘러보십시오:' },
  commands: { en: 'answer, hint, text, give up', ko: 'answer(답), hint(힌트), text(문제 다시 보기), give up(포기)' },
  where: { en: 'Where is the cause?', ko: '원인은 어디에 있습니까?' },
  what: { en: 'What is it?', ko: '원인은 무엇입니까?' },
  evidence: { en: 'Evidence', ko: '증거' },
  another: {
    en: 'Right, and there is another cause, by itself.',
    ko: '맞습니다. 그리고 이것과 별개인 원인이 하나 더 있습니다.',
  },
  noMoreHints: { en: 'That was the last hint.', ko: '힌트가 더 없습니다.' },
  numberOrName: { en: 'number or name', ko: '번호나 이름' },
  unnamedSituation: {
    en: 'Customers complain. That is all you are told.',
    ko: '고객들이 불평합니다. 들은 것은 그뿐입니다.',
  },
  kinds: {
    trace: { en: 'the id of a trace', ko: '트레이스 ID' },
    log: { en: 'words of the log', ko: '로그의 문자열' },
    promql: { en: 'a query in PromQL', ko: 'PromQL 쿼리' },
    any: {
      en: 'the id of a trace or words of the log; nothing where nothing is broken',
      ko: '트레이스 ID나 로그의 문자열. 고장 난 것이 없으면 비워 둠',
    },
  },
  unnamedQuestion: {
    en: 'What is broken, and how? Hand in what shows it, or nothing where nothing is broken.',
    ko: '무엇이 어떻게 고장 났습니까? 그것을 보여 주는 것을 제출하십시오. 고장 난 것이 없으면 아무것도 제출하지 마십시오.',
  },
} as const

const paint = (style: Parameters<typeof styleText>[0], text: string) =>
  styleText(style, text, { stream: process.stdout })

/** @returns the key of one of a list, chosen by its number or key; what was typed where it is neither */
async function pickFrom(list: Record<string, Text>, language: Language, ask: (question: string) => Promise<string>) {
  const keys = Object.keys(list)
  for (const [index, key] of keys.entries())
    console.log(`  ${String(index + 1).padStart(2)}  ${paint('bold', key.padEnd(12))}  ${list[key]![language]}`)
  const typed = await ask(`  ${words.numberOrName[language]}: `)
  return keys[Number(typed) - 1] ?? typed.trim()
}

export interface Conversation<OfLab extends Lab = Lab> {
  lab: OfLab
  language: Language
  /** Hints and wrong answers are counted in it; `save` writes it down. */
  made: LabProgress
  save(): void
  /** Ends the conversation, as does the end of the input. */
  stopping: AbortController
}

type Ask = (prompt: string) => Promise<string>

interface Task {
  /** Says what is to be done. */
  tell(): void
  /** Takes an answer and says what is wrong with it. One that is right may not be all that there is to tell. */
  answer(ask: Ask): Promise<'wrong' | 'right' | 'solved'>
}

/**
 * Takes commands in the terminal until the lab is solved or given up.
 *
 * @returns whether it was solved
 */
export async function takeCommands(
  { tell, answer }: Task,
  { lab, language, made, save, stopping }: Conversation,
): Promise<boolean> {
  const input = createInterface({ input: process.stdin, output: process.stdout })
  input.on('close', () => stopping.abort())
  const ask: Ask = (prompt) => input.question(prompt, { signal: stopping.signal })
  tell()
  try {
    for (;;) {
      const command = (await ask(`${paint('gray', words.commands[language])}\n> `)).trim()
      if (command === 'give up') return false
      if (command === 'text') tell()
      else if (command === 'hint') {
        const hint = hintsOf(lab)[made.hints]
        if (hint) made.hints++
        save()
        console.log((hint ?? words.noMoreHints)[language])
      } else if (command === 'answer') {
        const outcome = await answer(ask)
        if (outcome === 'solved') return true
        if (outcome === 'wrong') made.wrong++
        save()
      }
    }
  } finally {
    input.close()
  }
}

interface IncidentConversation extends Conversation<IncidentLab> {
  /** Whether the learner is not told which lab it is. */
  hidden: boolean
  /** Where the shop's signals are shown. */
  page: string
}

/**
 * Asks in the terminal what is wrong with the shop.
 *
 * @returns whether it was found out
 */
export async function converse(run: LabRun, { hidden, page, ...conversation }: IncidentConversation): Promise<boolean> {
  const { lab, language } = conversation
  const say = (text: Text) => console.log(text[language])
  const text = labText(lab, language)
  const situation = hidden ? words.unnamedSituation[language] : text.situation
  const question = hidden ? words.unnamedQuestion[language] : text.question
  // A kind that is named would give away whether there is anything to find.
  const kind = hidden || lab.evidence.kind === 'none' ? 'any' : lab.evidence.kind
  const tell = () => console.log(`\n${situation}\n\n${question}\n`)
  async function askForAnswer(ask: Ask): Promise<Answer> {
    say(words.where)
    const component = await pickFrom(components, language, ask)
    say(words.what)
    const mechanism = await pickFrom(mechanisms, language, ask)
    const evidence = await ask(`${words.evidence[language]} (${words.kinds[kind][language]}): `)
    return { component, mechanism, evidence }
  }
  const mark = (right: boolean) => (right ? paint('green', '✔') : paint('red', '✖'))
  console.log(`${words.broken[language]} ${page}`)
  async function answer(ask: Ask) {
    const grade = await run.grade(await askForAnswer(ask))
    console.log(
      `${mark(grade.component)} ${words.where[language]}  ${mark(grade.mechanism)} ${words.what[language]}  ${mark(grade.evidence)} ${words.evidence[language]}`,
    )
    if (grade.why) say(grade.why)
    if (!isRight(grade)) return 'wrong'
    if (!grade.missing) return 'solved'
    say(words.another)
    return 'right'
  }
  return takeCommands({ tell, answer }, conversation)
}

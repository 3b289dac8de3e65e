import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'
import type { Text } from '@hello/faults/fault'
import { type Answer, components, mechanisms } from './answers.ts'
import { NoAnswer } from './ask.ts'
import { type Grade, isRight } from './grade.ts'
import type { IncidentLab, Lab } from './lab.ts'
import type { Language } from './lab-text.ts'
import { type Attempt, nextHint, type Session } from './session.ts'

const words = {
  broken: {
    en: 'Now it is broken. Look around, and answer here or on the page:',
    ko: '이제 고장 났습니다. 둘러보고 여기나 페이지에서 답하십시오:',
  },
  brokenThere: {
    en: 'Now it is broken. Look around, and answer here:',
    ko: '이제 고장 났습니다. 둘러보고 여기서 답하십시오:',
  },
  commands: { en: 'answer, hint, text, give up', ko: 'answer(답), hint(힌트), text(문제 다시 보기), give up(포기)' },
  where: { en: 'Where is the cause?', ko: '원인은 어디에 있습니까?' },
  what: { en: 'What is it?', ko: '원인은 무엇입니까?' },
  evidence: { en: 'Evidence', ko: '증거' },
  another: {
    en: 'Right, and there is another cause, by itself.',
    ko: '맞습니다. 그리고 이것과 별개인 원인이 하나 더 있습니다.',
  },
  notGraded: {
    en: 'Your answer was not graded, and costs nothing; give it again:',
    ko: '답을 채점하지 못했습니다. 감점은 없으니 다시 답하십시오:',
  },
  noMoreHints: { en: 'That was the last hint.', ko: '힌트가 더 없습니다.' },
  numberOrName: { en: 'number or name', ko: '번호나 이름' },
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

export interface Conversation<OfLab extends Lab = Lab> extends Attempt<OfLab> {
  language: Language
  /** Ends the conversation, as does the end of the input. */
  stopping: AbortController
}

type Ask = (prompt: string) => Promise<string>

interface Task {
  /** Says what is to be done. */
  tell(): void
  /** Takes an answer and says what is wrong with it. One that is right may not be all that there is to tell; not graded is what nothing could be found out about. */
  answer(ask: Ask): Promise<'wrong' | 'right' | 'solved' | 'not graded'>
  /** Where it can be answered elsewhere, too. */
  session?: Session
}

/**
 * Takes commands in the terminal until the lab is solved or given up.
 *
 * @returns whether it was solved
 */
export async function takeCommands(
  { tell, answer, session }: Task,
  { stopping, ...attempt }: Conversation,
): Promise<boolean> {
  const { language, made, save } = attempt
  const input = createInterface({ input: process.stdin, output: process.stdout })
  input.on('close', () => stopping.abort())
  const signal = AbortSignal.any([stopping.signal, ...(session ? [session.over] : [])])
  const ask: Ask = (prompt) => input.question(prompt, { signal })
  tell()
  try {
    for (;;) {
      const command = (await ask(`${paint('gray', words.commands[language])}\n> `)).trim()
      if (command === 'give up') return false
      if (command === 'text') tell()
      else if (command === 'hint') console.log((nextHint(attempt) ?? words.noMoreHints)[language])
      else if (command === 'answer') {
        const outcome = await answer(ask)
        if (outcome === 'solved') return true
        if (outcome === 'wrong') made.wrong++
        save()
      }
    }
  } catch (error) {
    if (!session?.over.aborted) throw error
    console.log()
    return session.isSolved()
  } finally {
    input.close()
  }
}

interface IncidentConversation extends Conversation<IncidentLab> {
  /** The addresses at which a learner looks around. */
  look: string
  /** Whether the lab can be answered there, too. */
  onPage: boolean
}

/**
 * Asks in the terminal what is wrong with the shop.
 *
 * @returns whether it was found out
 */
export async function converse(
  session: Session,
  { look, onPage, ...conversation }: IncidentConversation,
): Promise<boolean> {
  const { language } = conversation
  const say = (text: Text) => console.log(text[language])
  const { situation, question, evidence } = session.shown()
  const tell = () => console.log(`\n${situation[language]}\n\n${question[language]}\n`)
  async function askForAnswer(ask: Ask): Promise<Answer> {
    say(words.where)
    const component = await pickFrom(components, language, ask)
    say(words.what)
    const mechanism = await pickFrom(mechanisms, language, ask)
    const handedIn = await ask(`${words.evidence[language]} (${evidence.asks[language]}): `)
    return { component, mechanism, evidence: handedIn }
  }
  const mark = (right: boolean) => (right ? paint('green', '✔') : paint('red', '✖'))
  console.log(`${words[onPage ? 'broken' : 'brokenThere'][language]} ${look}`)
  async function gradeOf(given: Answer): Promise<Grade | undefined> {
    try {
      return await session.grade(given)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      console.log(`${words.notGraded[language]} ${error.message}`)
      return undefined
    }
  }
  async function answer(ask: Ask) {
    const grade = await gradeOf(await askForAnswer(ask))
    if (!grade) return 'not graded'
    console.log(
      `${mark(grade.component)} ${words.where[language]}  ${mark(grade.mechanism)} ${words.what[language]}  ${mark(grade.evidence)} ${words.evidence[language]}`,
    )
    if (grade.why) say(grade.why)
    if (!isRight(grade)) return 'wrong'
    if (!grade.missing) return 'solved'
    say(words.another)
    return 'right'
  }
  const solved = await takeCommands({ tell, answer, session }, conversation)
  session.finish(solved)
  return solved
}

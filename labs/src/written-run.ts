import { relative } from 'node:path'
import { findProgram } from '@hello/local/stack/find-programs'
import { type Conversation, takeCommands } from './conversation.ts'
import type { WrittenLab } from './lab.ts'
import { labText } from './lab-text.ts'
import { gradeWork, layOut } from './work.ts'

/** What a lab needs is not on this machine; the message says how to get it. */
export class MissingProgram extends Error {}

const words = {
  begin: { en: 'Write it into', ko: '이 파일에 작성하십시오:' },
  kept: { en: 'Go on with what you have written in', ko: '전에 작성한 파일에서 이어서 하십시오:' },
  running: { en: 'Running what you have written …', ko: '작성한 것을 실행합니다 …' },
} as const

/**
 * Asks for a file, and runs it each time that the learner says it is done.
 *
 * @param dataDir below which the file is
 * @returns whether it was right
 * @throws MissingProgram
 */
export async function askForWork(dataDir: string, conversation: Conversation<WrittenLab>): Promise<boolean> {
  const { lab, language, stopping } = conversation
  if (lab.needs && !findProgram(lab.needs))
    throw new MissingProgram(
      `This lab is graded by ${lab.needs}, which is neither in .tools nor on PATH: make tools STACK=1 fetches it`,
    )
  const { file, kept } = layOut(lab, dataDir)
  const { situation, question } = labText(lab, language)
  const place = `${(kept ? words.kept : words.begin)[language]} ${relative(process.cwd(), file)}`
  const tell = () => console.log(`\n${situation}\n\n${question}\n\n${place}\n`)
  async function answer() {
    console.log(words.running[language])
    const lack = await gradeWork(lab, file, stopping.signal)
    if (!lack) return 'solved'
    console.log(lack[language])
    return 'wrong'
  }
  return takeCommands({ tell, answer }, conversation)
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Text } from '@hello/faults/fault'
import type { Lab } from './lab.ts'

export type Language = keyof Text

/** What a learner reads of a lab, as Markdown. */
export interface LabText {
  title: string
  situation: string
  question: string
  solution: string
}

/** The folder of a lab in labs/. */
export const folderOf = ({ number, name }: Pick<Lab, 'number' | 'name'>): string =>
  `${String(number).padStart(2, '0')}-${name}`

/** @throws Error naming the file that lacks a part */
export function labText(lab: Lab, language: Language): LabText {
  const file = join(import.meta.dirname, '..', folderOf(lab), `${language}.md`)
  const parts = /^# (.+)\n\n([\s\S]+?)\n\n## Question\n\n([\s\S]+?)\n\n## Solution\n\n([\s\S]+)\n$/.exec(
    readFileSync(file, 'utf8'),
  )
  if (!parts) throw new Error(`${file} needs a title, a situation, ## Question and ## Solution, in this order`)
  const [, title, situation, question, solution] = parts as unknown as [string, string, string, string, string]
  return { title, situation, question, solution }
}

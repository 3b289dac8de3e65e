import { cpSync, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Text } from '@hello/faults/fault'
import type { WrittenLab } from './lab.ts'
import { folderOf } from './lab-text.ts'

const folderIn = (lab: WrittenLab, part: 'start' | 'solution') => join(import.meta.dirname, '..', folderOf(lab), part)

/** The file that is right. */
export const solutionOf = (lab: WrittenLab): string => join(folderIn(lab, 'solution'), lab.file)
/** The file that a learner begins with. */
export const startOf = (lab: WrittenLab): string => join(folderIn(lab, 'start'), lab.file)

/**
 * Gives a learner what to begin with, and leaves alone what is there already.
 *
 * @param dataDir where the shop keeps its data
 * @returns the file to edit, and whether it was there
 */
export function layOut(lab: WrittenLab, dataDir: string): { file: string; kept: boolean } {
  const folder = join(dataDir, 'labs', folderOf(lab))
  const file = join(folder, lab.file)
  const kept = existsSync(file)
  cpSync(folderIn(lab, 'start'), folder, { recursive: true, force: false })
  return { file, kept }
}

/** As the lab's own `grade`; what is no longer there is missing, not an error. */
export async function gradeWork(lab: WrittenLab, file: string, signal: AbortSignal): Promise<Text | undefined> {
  if (existsSync(file)) return lab.grade(resolve(file), signal)
  return { en: `There is no ${file}.`, ko: `${file} 파일이 없습니다.` }
}

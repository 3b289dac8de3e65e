import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Lab } from './lab.ts'

/** What was made of a lab so far. */
export interface LabProgress {
  hints: number
  wrong: number
  /** Points of 100; absent until it is solved. */
  points?: number
}

/** By the name of a lab. */
export type Progress = Record<string, LabProgress>

/** @returns nothing where there is no file, or one that is no progress */
export function readProgress(file: string): Progress {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return read && typeof read === 'object' && !Array.isArray(read) ? (read as Progress) : {}
  } catch {
    return {}
  }
}

/** Writes what was made of one lab, and leaves the others as they are. */
export function writeProgress(file: string, name: string, made: LabProgress) {
  mkdirSync(dirname(file), { recursive: true })
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, `${JSON.stringify({ ...readProgress(file), [name]: made }, undefined, 2)}\n`)
  renameSync(unfinished, file)
}

/** The first lab that is not solved. */
export const nextLab = (labs: readonly Lab[], progress: Progress): Lab | undefined =>
  labs.find(({ name }) => progress[name]?.points === undefined)

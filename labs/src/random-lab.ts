import { createHash } from 'node:crypto'
import type { IncidentLab } from './lab.ts'

/** One of the labs, the same for the same seed. */
export function pickLab(labs: readonly IncidentLab[], seed: string): IncidentLab {
  const number = createHash('sha256').update(seed).digest().readUInt32BE()
  return labs[number % labs.length]!
}

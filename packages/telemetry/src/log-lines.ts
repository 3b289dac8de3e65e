import { pino } from 'pino'

const stdout = pino.destination({ dest: 1, sync: false })
let held: string | undefined

/** A stream for pino: stdout, to which a line goes at once, or with the others of `writeTogether`. */
export const logLines = {
  write(line: string) {
    if (held === undefined) stdout.write(line)
    else held += line
  },
  /** For the end of a process. */
  flushSync: () => stdout.flushSync(),
}

/** Writes what is logged while `work` runs in one piece, at its end, also where it throws. */
export function writeTogether(work: () => void) {
  held = ''
  try {
    work()
  } finally {
    const lines = held
    held = undefined
    if (lines !== '') stdout.write(lines)
  }
}

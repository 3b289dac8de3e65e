const { stdout } = process
// Whoever read the lines is gone; the service goes on.
stdout.on('error', () => {})
let held: string | undefined

/**
 * A stream for pino: stdout, to which a line goes at once, or with the others of `writeTogether`. What a pipe has no room for is
 * written as it is read, in the background; why not pino's own stream: docs/adr/0003-server-spans.md.
 */
export const logLines = {
  write(line: string) {
    if (held === undefined) stdout.write(line)
    else held += line
  },
}

function writeHeld() {
  const lines = held
  held = undefined
  if (lines) stdout.write(lines)
}

/** Writes what is logged while `work` runs in one piece, at its end, also where it throws. */
export function writeTogether(work: () => void) {
  writeHeld() // of work that has ended the process: this is at its exit, and that does not go on
  held = ''
  try {
    work()
  } finally {
    writeHeld()
  }
}

/** Resolves when no line waits for a reader that is slow, or nobody reads any more. */
export async function linesWritten(): Promise<void> {
  if (stdout.writableLength > 0) await new Promise<void>((resolve) => stdout.write('', () => resolve()))
}

/** How a process ended: one of both is set. */
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** A process, or something that behaves like one. */
export interface Running {
  readonly pid: number
  /** Resolves when it has ended, wanted or not. */
  readonly exited: Promise<Exit>
  /** Asks it to end; resolves when it has. */
  stop(): Promise<void>
}

/** How it ended, as the end of a sentence that begins with its name. */
export const describeExit = ({ code, signal }: { code: number | null; signal: string | null }) =>
  signal ? `was ended by ${signal}` : `ended with exit code ${code}`

/**
 * The clock by which log lines are stamped, and that `process_clock_seconds` shows: whoever puts it wrong, as a test or an
 * injected fault does, is seen by the alert on that gauge. Spans and durations have clocks of their own.
 */
export const clock = {
  /** How many milliseconds it is ahead of the system's clock; behind when negative. */
  offsetMs: 0,
  /** Milliseconds since 1970. */
  now: (): number => Date.now() + clock.offsetMs,
}

import { setTimeout as delay, setImmediate as turnEnd } from 'node:timers/promises'
import { linesWritten } from './log-lines.ts'

/** Milliseconds that the last spans and lines may take; well below the time that a service has to shut down. */
const flushTimeout = 5000

let shutdown: () => Promise<void> = async () => {}

/** Registers how telemetry is flushed and closed; the preload does. */
export function onTelemetryShutdown(close: () => Promise<void>) {
  shutdown = close
}

/**
 * Sends what is still buffered of the spans, where the preload is on, closes the exporter, and waits until the lines are read. A
 * receiver that swallows everything, or a reader that reads nothing, does not hold up the end of the process. Call it last.
 */
export async function shutdownTelemetry(): Promise<void> {
  await turnEnd() // until then the last requests end their spans (after-answer.ts)
  await Promise.race([Promise.all([shutdown(), linesWritten()]), delay(flushTimeout, undefined, { ref: false })])
}

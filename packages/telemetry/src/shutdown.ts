import { setImmediate as turnEnd } from 'node:timers/promises'

let shutdown: () => Promise<void> = async () => {}

/** Registers how telemetry is flushed and closed; the preload does. */
export function onTelemetryShutdown(close: () => Promise<void>) {
  shutdown = close
}

/** Sends what is still buffered and closes the exporter; does nothing where the preload is off. Call it last. */
export async function shutdownTelemetry(): Promise<void> {
  await turnEnd() // until then the last requests end their spans (after-answer.ts)
  await shutdown()
}

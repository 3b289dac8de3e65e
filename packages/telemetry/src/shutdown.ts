let shutdown: () => Promise<void> = async () => {}

/** Registers how telemetry is flushed and closed; the preload does. */
export function onTelemetryShutdown(close: () => Promise<void>) {
  shutdown = close
}

/** Sends what is still buffered and closes the exporter; does nothing where the preload is off. Call it last. */
export function shutdownTelemetry(): Promise<void> {
  return shutdown()
}

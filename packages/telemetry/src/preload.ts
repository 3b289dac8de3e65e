/**
 * `node --import @hello/telemetry/preload src/server.ts`: tracing, if there is somewhere to send it to. Without
 * OTEL_EXPORTER_OTLP_ENDPOINT (or with OTEL_SDK_DISABLED) nothing is loaded.
 */
const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SDK_DISABLED } = process.env
if ((OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) && OTEL_SDK_DISABLED !== 'true') {
  const { startTracing } = await import('./tracing.ts')
  startTracing()
}

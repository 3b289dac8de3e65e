import { type LoggerOptions, stdSerializers, stdTimeFunctions } from 'pino'

const censor = '[redacted]'
const secretNames = ['authorization', 'cookie', 'set-cookie', 'password', 'DATABASE_URL', 'connectionString']
const connectionUrl = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi

/** An error as pino logs it, without the user and password of any URL in its texts. */
function serializeError(error: Error) {
  const serialized = stdSerializers.err(error)
  for (const name of ['message', 'stack'] as const) {
    serialized[name] = serialized[name]?.replace(connectionUrl, `$1${censor}@`)
  }
  return serialized
}

/**
 * What every service logs with: one JSON object a line, `level` as a word, `time` in ISO 8601, `service`; secrets are
 * censored wherever they stand up to two levels deep. The preload adds `trace_id` and `span_id`.
 */
export function loggerOptions({ service, level }: { service: string; level: string }): LoggerOptions {
  return {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: serializeError },
    redact: {
      paths: secretNames.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor,
    },
  }
}

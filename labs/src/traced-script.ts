import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createIntake } from '@hello/local/signals/intake'
import { startGrpcReceiver } from '@hello/local/signals/receiver'
import { createTraceStore } from '@hello/local/signals/trace-store'
import { startTied } from '@hello/processes/tied-process'
import type { Span } from '@hello/signals-api/span'

/** A script that runs. */
export interface RunningScript {
  /** What it has printed so far, line by line. */
  output: readonly string[]
  /** Whether it has ended by itself. */
  ended(): boolean
  /** Spans of a trace that have come so far, by start. */
  spans(traceId: string): Span[]
}

interface Script {
  file: string
  args?: string[]
  env?: Record<string, string>
  /** Whether it runs with the telemetry's preload. */
  traced: boolean
}

const loopback = '127.0.0.1'
const mebibyte = 1024 * 1024
/** More than any lab makes. */
const limits = { maxSpans: 20_000, maxBytes: 32 * mebibyte, maxSpansPerTrace: 2000, maxBytesPerTrace: 4 * mebibyte }
/** So that nothing has to be waited for long, in milliseconds. */
const exportDelay = '50'

/** Runs a script of TypeScript for as long as it is used, and takes its spans; it ends with this process, also by SIGKILL. */
export async function withScript<Result>(
  { file, args = [], env = {}, traced }: Script,
  use: (script: RunningScript) => Promise<Result>,
): Promise<Result> {
  const traces = createTraceStore(limits)
  const receiver = await startGrpcReceiver(createIntake(traces), loopback, 0)
  try {
    const output: string[] = []
    let ended = false
    const running = await startTied({
      command: process.execPath,
      args: [...(traced ? ['--import', import.meta.resolve('@hello/telemetry/preload')] : []), file, ...args],
      cwd: dirname(file),
      env: {
        ...process.env,
        OTEL_SERVICE_NAME: 'lab',
        OTEL_EXPORTER_OTLP_ENDPOINT: traced ? `http://${loopback}:${receiver.port}` : '',
        OTEL_BSP_SCHEDULE_DELAY: exportDelay,
        ...env,
      },
      stopSignals: ['SIGKILL'],
      stopTimeout: 1000,
      output: (line) => output.push(line),
    })
    running.exited.then(() => {
      ended = true
    })
    try {
      return await use({ output, ended: () => ended, spans: (traceId) => traces.get(traceId)?.spans ?? [] })
    } finally {
      await running.stop()
    }
  } finally {
    receiver.close()
  }
}

/** What a script that ended has said of why. */
export const reasonOf = ({ output }: RunningScript): string =>
  output.find((line) => /^\w*Error\b/.test(line.trim()))?.trim() ?? (output.at(-1) || '-')

/** @returns whether it came to be within so many milliseconds */
export async function waitUntil(isSo: () => boolean | Promise<boolean>, patience: number, signal: AbortSignal) {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await delay(50, undefined, { signal }))
    if (await isSo()) return true
  return false
}

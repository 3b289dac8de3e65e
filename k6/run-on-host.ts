import { join } from 'node:path'
import { startTied } from '@hello/processes/tied-process'
import type { ProfileName } from './lib/profiles.ts'

/** Run before any argument of a run's own, on the host and in the cluster. */
export const k6Arguments = ['run', '--no-usage-report', '--no-color', '--log-format=json', '--address=']

/** k6's output that Prometheus takes. */
export const remoteWrite = '--out=experimental-prometheus-rw'

export interface HostRun {
  profile: ProfileName
  /** For the scripts. */
  env: Record<string, string>
  /** Address of a Prometheus that takes samples, where there is one. */
  prometheus: string | undefined
  onLine(line: string): void
  /** Ends the run early, and in order. */
  signal: AbortSignal
}

/** How long a run that is ended early may take to settle the shop's books, in milliseconds. */
const stopTimeout = 120_000

/**
 * Runs k6 on this machine.
 *
 * @returns its exit code: 0, 99 where a threshold was crossed, else why there is no result
 * @throws Error where there is no k6
 */
export async function runOnHost({ profile, env, prometheus, onLine, signal }: HostRun): Promise<number> {
  const k6 = await startTied({
    command: 'k6',
    args: [...k6Arguments, ...(prometheus ? [remoteWrite] : []), `k6/${profile}.ts`],
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, ...env, ...(prometheus && remoteWriteTo(prometheus)) },
    stopSignals: ['SIGINT', 'SIGKILL'],
    stopTimeout,
    output: onLine,
  }).catch((error: Error) => {
    throw new Error(`${error.message}\nmake tools fetches k6.`)
  })
  signal.addEventListener('abort', () => void k6.stop())
  const { code } = await k6.exited
  return code ?? 1
}

/** What k6 reads to write to a Prometheus. */
export const remoteWriteTo = (prometheus: string): Record<string, string> => ({
  K6_PROMETHEUS_RW_SERVER_URL: `${prometheus}/api/v1/write`,
  // Else the last value of each series stays for five minutes after the run.
  K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
})

/** Whether a Prometheus is there and takes samples: what it does not understand, it refuses with 400 or 415; one that takes none has no such address. */
export async function takesSamples(prometheus: string): Promise<boolean> {
  try {
    const { status } = await fetch(`${prometheus}/api/v1/write`, { method: 'POST', signal: AbortSignal.timeout(3000) })
    return status === 400 || status === 415
  } catch {
    return false
  }
}

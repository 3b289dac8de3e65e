import { createIntake } from '@hello/local/signals/intake'
import { startGrpcReceiver } from '@hello/local/signals/receiver'
import type { TraceStore } from '@hello/local/signals/trace-store'
import type { Span } from '@hello/signals-api/span'
import type { Purchase } from '../lib/buyer.ts'
import type { Kill } from './fault.ts'

/** How long after its answer the spans of a request may still wait in a process, in milliseconds: ten batches (tracing.ts). */
const untilSent = 2000

/** What the shop tells of itself, without bounds: which traces there are, what recoveries link to, which orders are in the logs. */
export async function recordTelemetry() {
  const traces = new Set<string>()
  const linkedByRecovery = new Set<string>()
  const loggedTraces = new Map<string, Set<string>>()
  const loggedOrders = new Set<string>()

  function add(spans: Span[]) {
    for (const { traceId, name, links } of spans) {
      traces.add(traceId)
      if (name === 'recover order') for (const link of links) linkedByRecovery.add(link.traceId)
    }
  }
  const receiver = await startGrpcReceiver(createIntake({ add } as TraceStore), '127.0.0.1', 0)

  return {
    endpoint: `http://127.0.0.1:${receiver.port}`,
    close: receiver.close,
    /** Takes a line of a process's stdout. */
    line(process: string, text: string) {
      const traceId = /"trace_id":"([0-9a-f]{32})"/.exec(text)?.[1]
      const orderId = /"order_id":"([^"]+)"/.exec(text)?.[1]
      if (traceId) loggedTraces.set(traceId, (loggedTraces.get(traceId) ?? new Set()).add(process))
      if (orderId) loggedOrders.add(orderId)
    },
    isTraced: ({ traceIds }: Purchase) => traceIds.some((id) => traces.has(id)),
    isRecovered: ({ traceIds }: Purchase) => traceIds.some((id) => linkedByRecovery.has(id)),
    /** Whether each process that logged the answer was killed before it can have sent its spans, which a SIGKILL takes with it. */
    isTakenByKills({ traceIds, answeredAt }: Purchase, killed: Kill[]) {
      const processes = [...(loggedTraces.get(traceIds.at(-1)!) ?? [])]
      const tookSpans = (process: string) =>
        killed.some(({ name, since }) => name === process && Math.abs(since - answeredAt) < untilSent)
      return processes.length > 0 && processes.every(tookSpans)
    },
    isLogged: ({ id, traceIds }: Purchase) => loggedOrders.has(id) || loggedTraces.has(traceIds.at(-1)!),
  }
}

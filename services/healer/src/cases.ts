import type { SpanContext } from '@opentelemetry/api'
import type { GivenAlert } from './alertmanager.ts'
import type { Verdict } from './healer-metrics.ts'

/** An alert that the healer looks after, from when it hears of it until it is healed or ends by itself. */
export interface Case {
  readonly fingerprint: string
  /** The request in which Alertmanager told of it. */
  readonly heardIn: SpanContext | undefined
  /** As Alertmanager had it last; undefined until it was asked. */
  alert?: GivenAlert
  /** What was made of it last. */
  verdict?: Verdict
  /** When something was done about it last, in milliseconds since 1970. */
  actedAt?: number
  /** Since when it has not fired, in milliseconds since 1970; undefined while it fires. */
  silentSince: number | undefined
  /** Why a person was paged, and when that was said last. */
  page?: { why: string; at: number }
}

import { type ApiError, isTransient } from './api-error.ts'

const MAX_RETRIES = 3
const MAX_DELAY_MS = 5_000

/**
 * Retry options of TanStack Query for calls that are safe to repeat: reads, and orders that carry an Idempotency-Key.
 * Waits as long as Retry-After says, otherwise twice as long each time with full jitter on the upper half.
 */
export const safeRetry = {
  retry: (failures: number, error: Error) => failures < MAX_RETRIES && isTransient(error),
  retryDelay: (failures: number, error: Error) => {
    const { retryAfterSeconds } = error as ApiError
    const wait = retryAfterSeconds === undefined ? 300 * 2 ** failures : retryAfterSeconds * 1_000
    return Math.min(wait, MAX_DELAY_MS) * (0.5 + Math.random() / 2)
  },
}

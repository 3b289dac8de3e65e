import { ApiError, isTransient } from './api-error.ts'

const MAX_RETRIES = 3
const MAX_DELAY_MS = 5_000

/** As long as Retry-After says, otherwise twice as long each time; with jitter, so that browsers do not come all at once. */
function retryDelay(failures: number, error: Error): number {
  const { retryAfterSeconds } = error as ApiError
  const wait = retryAfterSeconds === undefined ? 300 * 2 ** failures : retryAfterSeconds * 1_000
  return Math.min(wait, MAX_DELAY_MS) * (0.5 + Math.random() / 2)
}

/** For a change that is safe to repeat: a few times, then the person decides. */
export const repeatableChange = {
  retry: (failures: number, error: Error) => failures < MAX_RETRIES && isTransient(error),
  retryDelay,
}

/** For a read: until the shop is back. What is the caller's own fault (4xx) stays so, except too many requests. */
export const read = {
  retry: (_failures: number, error: Error) =>
    error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500),
  retryDelay,
}

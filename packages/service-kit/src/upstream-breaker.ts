import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhen, SamplingBreaker } from 'cockatiel'
import { isUpstreamsFault, UpstreamError } from './upstream-error.ts'
import type { UpstreamObserver } from './upstream-observer.ts'

export type BreakerState = 'closed' | 'open' | 'half-open'

const states: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
}

/**
 * Makes the circuit breaker of an upstream: open for a second when half of the calls of the last ten seconds failed by the
 * upstream's fault, then half-open for one call that tries.
 *
 * @returns runs a call, or throws UpstreamError `breaker-open` at once
 */
export function upstreamBreaker(upstream: string, observer: UpstreamObserver) {
  const breaker = circuitBreaker(handleWhen(isUpstreamsFault), {
    breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000, minimumRps: 1 }),
    halfOpenAfter: 1000,
  })
  breaker.onStateChange((state) => observer.onBreaker?.(upstream, states[state]))

  function refused() {
    observer.onRefused?.(upstream)
    return new UpstreamError(upstream, 'breaker-open', false)
  }

  return async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    // The call that tests a half-open breaker is under way; waiting for it could outlast the deadline.
    if (breaker.state === CircuitState.HalfOpen) throw refused()
    try {
      return await breaker.execute(call)
    } catch (error) {
      throw error instanceof BrokenCircuitError ? refused() : error
    }
  }
}

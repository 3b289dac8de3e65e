import assert from 'node:assert/strict'
import { afterEach } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { createUpstream, type Upstream, type UpstreamOptions, type UpstreamRequest } from '../src/upstream.ts'

const open: Upstream[] = []
afterEach(() => Promise.all(open.splice(0).map((upstream) => upstream.close())))

/** A client, closed after the test, and what its observer is told: `GET answered`, `retry 2`, `breaker open` and the like. */
export function connect(url: string, options: Partial<UpstreamOptions> = {}) {
  const events: string[] = []
  const upstream = createUpstream({
    name: 'neighbour',
    url,
    attemptTimeout: 2000,
    observer: {
      onAttempt: (_, method, seconds, outcome) => {
        assert.ok(seconds >= 0)
        events.push(`${method} ${outcome}`)
      },
      onRetry: (_, attempt) => events.push(`retry ${attempt}`),
      onBreaker: (_, state) => events.push(`breaker ${state}`),
    },
    ...options,
  })
  open.push(upstream)
  return { upstream, events }
}

export const get = (more: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: 'GET',
  path: '/thing',
  deadline: Date.now() + 5000,
  repeatable: true,
  ...more,
})
export const post = (more: Partial<UpstreamRequest> = {}) =>
  get({ method: 'POST', body: '{}', repeatable: false, ...more })

/** A body that arrives in pieces, from the beginning each time. */
export const pieces = (...parts: string[]) => ({
  async *[Symbol.asyncIterator]() {
    for (const part of parts) {
      await delay(5)
      yield Buffer.from(part)
    }
  },
})

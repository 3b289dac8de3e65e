import { render } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { json, serveNetwork } from './test-network.ts'

// The app asks for its address once, as it is loaded.
history.replaceState(null, '', '/signals')
const { App } = await import('./app.tsx')
await import('../features/signals/signals-page.tsx') // which the app loads late, in more than a test's patience

type Routes = Parameters<typeof serveNetwork>[0]

/** Opens the Signals page at `path`. The routes may be changed while it is open. */
export function openSignals(path: string, routes: Routes, language = 'en') {
  history.replaceState(null, '', path)
  localStorage.setItem('language', language)
  serveNetwork(
    Object.assign(routes, {
      'GET /config.json': () => json({ tracing: false, signals: true, jaegerUrl: null, grafanaUrl: null }),
      'GET /signals/api/services': () => json([]),
      ...routes,
    }),
  )
  render(<App />)
  return { user: userEvent.setup() }
}

/** The path of the trace list with these filters. */
export const listOf = (query: object = {}) => {
  const search = new URLSearchParams({ ...query, sort: 'start', direction: 'descending', ...query })
  return `GET /signals/api/traces?${search}`
}

export const traceId = (number: number) => number.toString(16).padStart(32, '0')

/** A trace as it stands in the list. */
export const trace = (number: number, rest: object = {}) => ({
  traceId: traceId(number),
  hasRoot: true,
  service: 'gateway',
  name: 'GET /api/orders',
  route: '/api/orders',
  statusCode: 200,
  start: 1_700_000_000_000_000 - number,
  duration: 1000,
  spanCount: 1,
  errorCount: 0,
  orphanCount: 0,
  services: [{ service: 'gateway', spanCount: 1, errorCount: 0 }],
  orderIds: [],
  ...rest,
})

/** A span of a trace; times in µs from its start. */
export const span = (spanId: string, parentSpanId: string | null, from: number, to: number, rest: object = {}) => ({
  traceId: traceId(1),
  spanId,
  parentSpanId,
  service: 'order',
  scope: 'test',
  name: spanId,
  kind: 'internal',
  start: 1_700_000_000_000_000 + from,
  duration: to - from,
  status: 'unset',
  statusMessage: '',
  failed: false,
  attributes: {},
  events: [],
  links: [],
  ...rest,
})

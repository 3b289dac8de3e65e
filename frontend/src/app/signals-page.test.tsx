import { render, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { json, serveNetwork } from './test-network.ts'

// The app asks for its address once, as it is loaded.
vi.hoisted(() => history.replaceState(null, '', '/signals/traces'))
const { App } = await import('./app.tsx')

type Routes = Parameters<typeof serveNetwork>[0]

function openSignals(path: string, routes: Routes, language = 'en') {
  history.replaceState(null, '', path)
  localStorage.setItem('language', language)
  serveNetwork({
    'GET /config.json': () => json({ tracing: false, signals: true, jaegerUrl: null, grafanaUrl: null }),
    'GET /signals/api/services': () => json([]),
    ...routes,
  })
  render(<App />)
}

const trace = (number: number, rest: object) => ({
  traceId: number.toString(16).padStart(32, '0'),
  finished: true,
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

const traces = [
  trace(1, {}),
  trace(2, { finished: false, service: 'order', name: 'POST /orders', statusCode: 201 }),
  trace(3, { finished: false, service: 'inventory', name: null, route: null, statusCode: null }),
  trace(4, { finished: false, name: null, statusCode: null, errorCount: 1 }),
]

test.each([
  ['en', ['200', '201 · unfinished', 'unfinished', 'Failed · 1 failed · unfinished'], 'Root span not here yet'],
  ['ko', ['200', '201 · 수집 중', '수집 중', '실패 · 1개 실패 · 수집 중'], '루트 스팬이 아직 도착하지 않음'],
])('a trace whose root span has not arrived is shown as unfinished: %s', async (language, states, unnamed) => {
  openSignals('/signals/traces', { 'GET /signals/api/traces': () => json({ traces, matched: 4 }) }, language)
  const [, ...rows] = await screen.findAllByRole('row')
  expect(rows.map((row) => within(row).getAllByRole('cell')[1]!.textContent)).toEqual(states)
  expect(rows.map((row) => within(row).getByRole('rowheader').textContent)).toEqual([
    'gateway GET /api/orders',
    'order POST /orders',
    `inventory ${unnamed}`,
    `gateway ${unnamed}`,
  ])
})

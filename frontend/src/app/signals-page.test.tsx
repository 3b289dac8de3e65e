import { render, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { json, serveNetwork } from './test-network.ts'

// The app asks for its address once, as it is loaded.
vi.hoisted(() => history.replaceState(null, '', '/signals/traces'))
const { App } = await import('./app.tsx')
await import('../features/signals/signals-page.tsx') // which the app loads late, in more than a test's patience

type Routes = Parameters<typeof serveNetwork>[0]

function openSignals(path: string, routes: Routes, language = 'en') {
  history.replaceState(null, '', path)
  localStorage.setItem('language', language)
  // The tests change what a route answers while the page is open.
  serveNetwork(
    Object.assign(routes, {
      'GET /config.json': () => json({ tracing: false, signals: true, jaegerUrl: null, grafanaUrl: null }),
      'GET /signals/api/services': () => json([]),
    }),
  )
  render(<App />)
}

const trace = (number: number, rest: object) => ({
  traceId: number.toString(16).padStart(32, '0'),
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

const traces = [
  trace(1, {}),
  trace(2, { hasRoot: false, service: 'order', name: 'POST /orders', statusCode: 201 }),
  trace(3, { hasRoot: false, service: 'inventory', name: null, route: null, statusCode: null }),
  trace(4, { hasRoot: false, name: null, statusCode: null, errorCount: 1 }),
]

test.each([
  [
    'en',
    ['200', '201 · root span missing', 'root span missing', 'Failed · 1 failed · root span missing'],
    'Unfinished trace',
  ],
  ['ko', ['200', '201 · 루트 스팬 없음', '루트 스팬 없음', '실패 · 1개 실패 · 루트 스팬 없음'], '미완료 트레이스'],
])('a trace whose root span has not arrived is shown as such: %s', async (language, states, unnamed) => {
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

const running = { name: 'order', state: 'running', pid: 42, restarts: 0, lastExit: null, nextStart: null }
const at = (second: number) => new Date(2026, 10, 24, 12, 3, second).getTime()
const crashed = {
  ...running,
  name: 'product',
  state: 'waiting',
  pid: null,
  restarts: 5,
  lastExit: { time: at(4), code: null, signal: 'SIGKILL', error: null },
  nextStart: at(10),
}
const exited = { ...running, name: 'gateway', restarts: 1, lastExit: { ...crashed.lastExit, signal: null, code: 7 } }

function openProcesses(processes: object[], language = 'en') {
  const routes = {
    'GET /signals/api/metrics?minutes=5': () => json({ step: 2000, window: 10_000, services: [] }),
    'GET /signals/api/processes': () => json(processes),
  }
  openSignals('/signals', routes, language)
  return routes
}
const cells = (row: HTMLElement) => [...row.children].map(({ textContent }) => textContent)

test('a process that is killed over and over is shown with its last exit and its next start', async () => {
  openProcesses([running, exited, crashed])
  expect((await screen.findByText('product ended and will be started again')).getAttribute('role')).toBe('status')
  const [head, ...rows] = within(screen.getByRole('table', { name: 'Processes' })).getAllByRole('row')
  expect(cells(head!)).toEqual(['Process', 'State', 'PID', 'Restarts', 'Last exit', 'Next start'])
  expect(rows.map(cells)).toEqual([
    ['order', 'running', '42', '0', '', ''],
    ['gateway', 'running', '42', '1', '12:03:04 · exit code 7', ''],
    ['product', 'waiting', '', '5', '12:03:04 · SIGKILL', '12:03:10'],
  ])
})

test('the processes are a line while all run, and open by themselves when one ends', async () => {
  const routes = openProcesses([running, exited])
  const group = (await screen.findByText('all 2 run')).closest('details')!
  expect(group.open).toBe(false)
  routes['GET /signals/api/processes'] = () => json([running, crashed])
  await waitFor(() => expect(document.querySelector('details')!.open).toBe(true), { timeout: 5000 })
})

test('the processes speak Korean', async () => {
  openProcesses([running, crashed], 'ko')
  await screen.findByText('product: 종료되어 재시작 대기 중')
  const rows = within(screen.getByRole('table', { name: '프로세스' })).getAllByRole('row')
  expect(cells(rows[2]!)).toEqual(['product', '재시작 대기', '', '5', '12:03:04 · SIGKILL', '12:03:10'])
})

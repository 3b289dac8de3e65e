import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json } from './test-network.ts'
import { listOf, openSignals, trace } from './test-signals.tsx'

const traces = [
  trace(1, {}),
  trace(2, { hasRoot: false, service: 'order', name: 'POST /orders', statusCode: 201 }),
  trace(3, { hasRoot: false, service: 'inventory', name: null, route: null, statusCode: null }),
  trace(4, { hasRoot: false, name: null, statusCode: null, errorCount: 1 }),
  trace(5, { orphanCount: 2 }),
]

test.each([
  [
    'en',
    ['200', '201 · root span missing', 'root span missing', 'Failed · 1 failed · root span missing', '200 · 2 orphans'],
    'Unfinished trace',
  ],
  [
    'ko',
    ['200', '201 · 루트 스팬 없음', '루트 스팬 없음', '실패 · 1개 실패 · 루트 스팬 없음', '200 · 부모 없는 스팬 2개'],
    '미완료 트레이스',
  ],
])('a trace whose root span has not arrived is shown as such: %s', async (language, states, unnamed) => {
  openSignals('/signals/traces', { [listOf()]: () => json({ traces, matched: 5 }) }, language)
  const [, ...rows] = await screen.findAllByRole('row')
  expect(rows.map((row) => within(row).getAllByRole('cell')[2]!.textContent)).toEqual(states)
  expect(rows.map((row) => within(row).getByRole('rowheader').textContent)).toEqual([
    'gateway GET /api/orders',
    'order POST /orders',
    `inventory ${unnamed}`,
    `gateway ${unnamed}`,
    'gateway GET /api/orders',
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

function openProcesses(processes: object[], language = 'en', path = '/signals') {
  const routes = {
    'GET /signals/api/metrics?minutes=5': () => json({ step: 2000, window: 10_000, services: [] }),
    'GET /signals/api/processes': () => json(processes),
  }
  openSignals(path, routes, language)
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

test('an address that is no view leads to the first one', async () => {
  openProcesses([running], 'en', '/signals/metrics')
  await screen.findByText('all 1 run')
  expect(location.pathname).toBe('/signals')
})

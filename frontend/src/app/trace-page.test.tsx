import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json } from './test-network.ts'
import { openSignals, span, trace, traceId } from './test-signals.tsx'

const spans = [
  span('buy', null, 0, 100_000),
  span('reserve', 'buy', 10_000, 90_000),
  span('query', 'reserve', 20_000, 30_000),
  span('log', 'buy', 20_000, 40_000),
]

function openTrace(shown = spans) {
  const summary = trace(1, { duration: 100_000, spanCount: shown.length })
  return openSignals(`/signals/traces/${traceId(1)}`, {
    [`GET /signals/api/traces/${traceId(1)}`]: () => json({ summary, spans: shown, logs: [] }),
    'GET /signals/api/metrics?minutes=15': () => json({ step: 2000, window: 10_000, services: [] }),
  })
}

const rows = () => {
  const waterfall = screen.getByRole('region', { name: 'Spans of the trace, by time' })
  return within(waterfall)
    .getAllByRole('button', { name: /starts at/ })
    .map((button) => button.querySelector('.row-title')!.textContent!.trim())
}

test('folds away what is below a span, by mouse, by keyboard and all at once', async () => {
  const { user } = openTrace()
  const toggle = await screen.findByRole('button', { name: '1 rows below order reserve' })
  expect(toggle.ariaExpanded).toBe('true')
  await user.click(toggle)
  expect(rows()).toEqual(['buy', 'reserve', 'log'])
  expect(toggle.ariaExpanded).toBe('false')
  screen.getByRole('button', { name: /^order buy\s*starts at/ }).focus()
  await user.keyboard('{ArrowLeft}')
  expect(rows()).toEqual(['buy'])
  await user.keyboard('{ArrowRight}')
  expect(rows()).toEqual(['buy', 'reserve', 'log'])
  await user.click(screen.getByRole('button', { name: 'Expand all' }))
  expect(rows()).toEqual(['buy', 'reserve', 'query', 'log'])
  await user.click(screen.getByRole('button', { name: 'Collapse all' }))
  expect(rows()).toEqual(['buy'])
})

test('says where a call goes, and of a statement its name', async () => {
  const call = { kind: 'client', name: 'GET', attributes: { 'url.full': 'http://product:3001/products/7?limit=5' } }
  const statement = { kind: 'client', name: 'product-find', attributes: { 'db.system.name': 'postgresql' } }
  openTrace([span('buy', null, 0, 100_000), span('a', 'buy', 0, 9, call), span('b', 'buy', 10, 19, statement)])
  await screen.findByRole('button', { name: /^order buy\s*starts at/ })
  expect(rows()).toEqual(['buy', 'GET /products/7', 'product-find'])
})

test('marks the spans that hold the trace up, and for how long', async () => {
  openTrace()
  await screen.findByRole('button', { name: /^order buy\s*starts at/ })
  const held = (name: string) =>
    screen
      .getByRole('button', { name: new RegExp(`^order ${name}\\s*starts at`) })
      .textContent!.match(/on the critical path for (.+)$/)?.[1]
  expect(['buy', 'reserve', 'query', 'log'].map(held)).toEqual(['20\u00a0ms', '70\u00a0ms', '10\u00a0ms', undefined])
})

test('leads to the traces of the same route, to compare it with one of them', async () => {
  openTrace()
  const link = await screen.findByRole('link', { name: 'Compare with another trace' })
  expect(link.getAttribute('href')).toBe(`/signals/traces?compare=${traceId(1)}&route=%2Fapi%2Forders`)
})

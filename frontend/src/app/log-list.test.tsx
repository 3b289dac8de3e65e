import { act, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json } from './test-network.ts'
import { openSignals } from './test-signals.tsx'

const line = (sequence: number) => ({
  ...{ sequence, time: 1_700_000_000_000 + sequence, level: 'info', service: 'order', msg: `line ${sequence}` },
  ...{ traceId: null, spanId: null, orderId: null, fields: { answer: `field of ${sequence}` } },
})
const answer = (newest: number) => ({
  lines: [newest, newest - 1, newest - 2].map(line),
  matched: newest,
})
const shown = () =>
  screen.getAllByRole('button', { name: /line \d+$/ }).map(({ textContent }) => textContent!.trim().slice(-6))

test('an opened line stays where it is while others arrive, until they are asked for', async () => {
  let newest = 3
  const { user } = openSignals('/signals/logs', { 'GET /signals/api/logs?limit=200': () => json(answer(newest)) })
  await user.click(await screen.findByRole('button', { name: /line 2$/ }))
  expect(screen.getByText('field of 2')).toBeTruthy()
  newest = 5
  const newer = await screen.findByRole('button', { name: 'Show 2 newer' }, { timeout: 5000 })
  expect(shown()).toEqual(['line 3', 'line 2', 'line 1'])
  await user.click(newer)
  expect(shown()).toEqual(['line 5', 'line 4', 'line 3'])
  expect(screen.queryByRole('button', { name: /newer/ })).toBeNull()
})

test('the lines move again when the last one is closed', async () => {
  let newest = 3
  const { user } = openSignals('/signals/logs', { 'GET /signals/api/logs?limit=200': () => json(answer(newest)) }, 'ko')
  const two = await screen.findByRole('button', { name: /line 2$/ })
  await user.click(two)
  newest = 4
  await screen.findByRole('button', { name: '새 로그 1줄 보기' }, { timeout: 5000 })
  await act(() => user.click(two))
  await waitFor(() => expect(shown()).toEqual(['line 4', 'line 3', 'line 2']))
})

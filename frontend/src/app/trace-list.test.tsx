import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json } from './test-network.ts'
import { listOf, openSignals, span, trace, traceId } from './test-signals.tsx'

const answer = (...traces: object[]) => ({ traces, matched: traces.length })
const names = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent)

test('sorts by a heading, and the other way round when it is pressed again', async () => {
  const one = trace(1, { name: 'one' })
  const two = trace(2, { name: 'two' })
  const { user } = openSignals('/signals/traces', {
    [listOf()]: () => json(answer(one, two)),
    [listOf({ sort: 'duration', direction: 'descending' })]: () => json(answer(two, one)),
    [listOf({ sort: 'duration', direction: 'ascending' })]: () => json(answer(one, two)),
    [listOf({ sort: 'name', direction: 'ascending' })]: () => json(answer(two)),
  })
  const heading = (name: string) => screen.getByRole('columnheader', { name })
  expect((await screen.findByRole('columnheader', { name: 'Started' })).ariaSort).toBe('descending')
  await user.click(within(heading('Duration')).getByRole('button'))
  await waitFor(() => expect(names()).toEqual(['gateway two', 'gateway one']))
  expect([heading('Duration'), heading('Started')].map(({ ariaSort }) => ariaSort)).toEqual(['descending', null])
  await user.click(within(heading('Duration')).getByRole('button'))
  await waitFor(() => expect(names()).toEqual(['gateway one', 'gateway two']))
  await user.selectOptions(screen.getByRole('combobox', { name: 'Sort by' }), 'Trace')
  await waitFor(() => expect(names()).toEqual(['gateway two']))
})

test('asks for the last minutes, for what lies between two moments, and for the calls of an edge', async () => {
  const { user } = openSignals('/signals/traces?caller=order&callee=PostgreSQL&minutes=5', {
    [listOf({ minutes: 5, caller: 'order', callee: 'PostgreSQL' })]: () => json(answer(trace(1, { name: 'call' }))),
    [listOf()]: () => json(answer(trace(1, { name: 'any' }))),
    [listOf({ minutes: 15 })]: () => json(answer(trace(1, { name: 'recent' }))),
    [listOf({ from: new Date(2026, 10, 24, 12, 3, 4).getTime(), to: new Date(2026, 10, 24, 12, 9).getTime() })]: () =>
      json(answer(trace(1, { name: 'between' }))),
  })
  await screen.findByText('call')
  expect(screen.getByText('Calls from order to PostgreSQL')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Clear filters' }))
  await screen.findByText('any')
  await user.selectOptions(screen.getByRole('combobox', { name: 'Time range' }), 'The last 15 min')
  await screen.findByText('recent')
})

test('shows the moments of a time range in local time', async () => {
  const from = new Date(2026, 10, 24, 12, 3, 4).getTime()
  const to = new Date(2026, 10, 24, 12, 9).getTime()
  openSignals(`/signals/traces?from=${from}&to=${to}`, {
    [listOf({ from, to })]: () => json(answer(trace(1, { name: 'between' }))),
  })
  await screen.findByText('between')
  expect((screen.getByLabelText('From') as HTMLInputElement).value).toBe('2026-11-24T12:03:04')
  expect((screen.getByLabelText('To') as HTMLInputElement).value).toBe('2026-11-24T12:09')
})

test('compares two traces that are chosen in the list', async () => {
  const detail =
    (number: number, ...spans: object[]) =>
    () =>
      json({ summary: trace(number, { duration: 100_000 * number }), spans, logs: [] })
  const { user } = openSignals('/signals/traces', {
    [listOf()]: () => json(answer(trace(1, { name: 'one' }), trace(2, { name: 'two' }))),
    [`GET /signals/api/traces/${traceId(1)}`]: detail(1, span('buy', null, 0, 100_000), span('pay', 'buy', 5000, 9000)),
    [`GET /signals/api/traces/${traceId(2)}`]: detail(2, span('buy', null, 0, 200_000)),
  })
  await user.click(await screen.findByRole('checkbox', { name: /^Compare one of/ }))
  expect(screen.getByText(/^Choose the trace to compare 00000000… with\./)).toBeTruthy()
  await user.click(screen.getByRole('checkbox', { name: /^Compare two of/ }))
  const table = await screen.findByRole('table', { name: 'Spans of both traces' })
  const rows = within(table).getAllByRole('row')
  expect(rows.map((row) => [...row.children].slice(0, 4).map(({ textContent }) => textContent))).toEqual([
    ['Span', 'First trace', 'Second trace', 'Difference'],
    ['Whole trace', '100\u00a0ms', '200\u00a0ms', '+100\u00a0ms'],
    ['order buy ', '100\u00a0ms', '200\u00a0ms', '+100\u00a0ms'],
    ['order pay only in the first', '4\u00a0ms', '–', '–'],
  ])
})

import type { Lab } from '@hello/shop/api/lab'
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { lab, solved, text } from './test-lab.ts'
import { json, problem, type SentRequest } from './test-network.ts'
import { openSignals } from './test-signals.tsx'

await import('../features/signals/runbook-text.tsx') // which a text loads late, in more than a test's patience

const config = { tracing: false, signals: true, alerts: false, faults: true, lab: true, jaegerUrl: null }

function open(shown: Lab | null = lab, { path = 'lab', language = 'en', has = true } = {}) {
  const routes: Parameters<typeof openSignals>[1] = {
    'GET /config.json': () => json({ ...config, lab: has, grafanaUrl: null }),
    'GET /lab/api/lab': () => json({ lab: shown }),
  }
  const show = (next: Lab | null) => {
    routes['GET /lab/api/lab'] = () => json({ lab: next })
  }
  return { ...openSignals(`/signals/${path}`, routes, language), routes, show }
}

test('asks what is asked, tells the time and the points, and leads to the three signals', async () => {
  open()
  expect(await screen.findByRole('heading', { name: '2. Some orders fail', level: 2 })).toBeTruthy()
  expect((await screen.findByText('error')).localName).toBe('code')
  expect(screen.getByText('Which service fails?')).toBeTruthy()
  expect(screen.getByRole('timer').textContent).toMatch(/^broken for [1-9]\d*:\d\d$/)
  expect(screen.getByText('worth 100 points now')).toBeTruthy()
  const links = within(screen.getByRole('navigation', { name: 'Look around' })).getAllByRole('link')
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    '/signals',
    `/signals/traces?from=${lab.brokenAt}`,
    `/signals/logs?from=${lab.brokenAt}`,
  ])
})

test('while the shop is well it counts down, and asks nothing', async () => {
  const { show } = open({ ...lab, well: true, brokenAt: Date.now() + 3_000_000 })
  expect(await screen.findByText(/^The shop is still well/)).toBeTruthy()
  expect(screen.getByRole('timer').textContent).toMatch(/^breaks in (50:00|4\d:\d\d)$/)
  expect(screen.queryByText('Which service fails?')).toBeNull()
  expect(screen.queryByRole('button', { name: /hint|Answer/ })).toBeNull()
  show(lab)
  expect(await screen.findByText('Which service fails?')).toBeTruthy()
})

test('takes an answer with all its parts, keeps it, and shows its grade', async () => {
  const sent: SentRequest[] = []
  const { user, routes, show } = open()
  routes['POST /lab/api/answers'] = (request) => {
    sent.push(request)
    const grade = { component: true, mechanism: true, evidence: false, why: text('That is from before.') }
    const next = { ...lab, points: 90, grade }
    show(next)
    return json(next)
  }
  const submit = await screen.findByRole('button', { name: 'Answer' })
  await user.click(submit)
  const where = screen.getByRole('combobox', { name: 'Where is the cause?' })
  expect(document.activeElement).toBe(where)
  expect(screen.getAllByText('Choose one.')).toHaveLength(2)
  expect(screen.getByText('Hand in what shows it.')).toBeTruthy()
  expect(where.getAttribute('aria-invalid')).toBe('true')
  await user.selectOptions(where, 'the order service')
  await user.selectOptions(screen.getByRole('combobox', { name: 'What is it?' }), 'it answers errors')
  const evidence = screen.getByRole<HTMLInputElement>('textbox', { name: 'Evidence: the id of a trace' })
  await user.type(evidence, ' abc {Enter}')
  expect(await screen.findByText('That is from before.')).toBeTruthy()
  expect(sent.map(({ body }) => body)).toEqual([{ component: 'order', mechanism: 'errors', evidence: 'abc' }])
  const graded = within(screen.getByRole('heading', { name: 'Your last answer' }).closest('section')!)
  expect(graded.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'Where ✔ right',
    'What ✔ right',
    'Evidence ✖ not right',
  ])
  expect(screen.getByText('worth 90 points now')).toBeTruthy()
  expect(evidence.value).toBe(' abc ')
})

test('keeps what was entered while the learner looks at the signals', async () => {
  const { user, routes } = open()
  routes['GET /signals/api/logs?limit=200'] = () => json({ lines: [], matched: 0 })
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Where is the cause?' }), 'the gateway')
  await user.type(screen.getByRole('textbox'), 'abc')
  const views = within(screen.getByRole('navigation', { name: 'Signals' }))
  await user.click(views.getByRole('link', { name: 'Logs' }))
  await user.click(views.getByRole('link', { name: 'Lab' }))
  expect((await screen.findByRole<HTMLInputElement>('textbox')).value).toBe('abc')
  expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Where is the cause?' }).value).toBe('gateway')
})

test('gives hints one by one, for their price', async () => {
  const { user, routes, show } = open()
  const numbers: unknown[] = []
  routes['POST /lab/api/hints'] = ({ body }) => {
    numbers.push(body)
    const next = { ...lab, hints: [text('Which span is red?')], moreHints: false, points: 85 }
    show(next)
    return json(next)
  }
  const more = await screen.findByRole('button', { name: 'Show a hint (−15 points)' })
  await user.click(more)
  expect(await screen.findByText('Which span is red?')).toBeTruthy()
  expect(screen.getByText('worth 85 points now')).toBeTruthy()
  expect(more.textContent).toBe('There are no more hints')
  expect(document.activeElement).toBe(more)
  await user.click(more)
  expect(numbers).toEqual([{ number: 1 }])
})

test('shows the solution of what was solved, also when the program has gone, and moves the focus there', async () => {
  const { user, routes, show } = open()
  routes['POST /lab/api/answers'] = () => {
    show(solved)
    return json(solved)
  }
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Where is the cause?' }), 'the order service')
  await user.selectOptions(screen.getByRole('combobox', { name: 'What is it?' }), 'it answers errors')
  await user.type(screen.getByRole('textbox'), 'abc{Enter}')
  const outcome = await screen.findByText(/^Solved in 4:05: 75 of 100 points\. The shop is being mended\.$/)
  expect(document.activeElement).toBe(outcome)
  expect((await screen.findByText('status')).localName).toBe('em')
  expect(screen.getByText('make lab N=3')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Answer' })).toBeNull()
  show(null)
  await waitFor(() => expect(outcome.textContent).toMatch(/The shop is well again\.$/))
  expect(screen.getByText('status')).toBeTruthy()
})

test('ends without points when it is given up', async () => {
  const { user, routes, show } = open()
  routes['DELETE /lab/api/lab'] = () => {
    const next = { ...solved, end: { ...solved.end!, solved: false } }
    show(next)
    return json(next)
  }
  await user.click(await screen.findByText('Give up'))
  await user.click(screen.getByRole('button', { name: 'Show the solution' }))
  expect(await screen.findByText(/^Given up\./)).toBeTruthy()
  expect(await screen.findByText('status')).toBeTruthy()
})

test.each([
  ['en', 'No lab runs.', 'make lab N=1'],
  ['ko', '진행 중인 실습이 없습니다.', 'make lab N=1'],
])(
  'says how a lab is begun where none runs, and forgets one that was ended elsewhere: %s',
  async (language, said, how) => {
    const { show } = open(lab, { language })
    expect(await screen.findByRole('timer')).toBeTruthy()
    show(null)
    expect(await screen.findByText(said)).toBeTruthy()
    expect(screen.getByText(how)).toBeTruthy()
    expect(screen.queryByRole('timer')).toBeNull()
  },
)

test('where no lab is answered it says what starts a shop that has labs, and nothing leads there', async () => {
  open(null, { has: false })
  expect(await screen.findByText('No lab is answered on this page.')).toBeTruthy()
  expect(screen.getByText('make local')).toBeTruthy()
  expect(screen.queryByRole('link', { name: 'Lab' })).toBeNull()
})

test('leaves a kind of evidence that it does not know to the terminal', async () => {
  open({ ...lab, evidence: { kind: 'sculpture', asks: text('clay') } })
  expect(await screen.findByText('This lab is answered in the terminal in which it was begun.')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Answer' })).toBeNull()
  expect(screen.getByRole('button', { name: /^Show a hint/ })).toBeTruthy()
})

test('tells of another cause, and says in Korean what is refused', async () => {
  const grade = { component: true, mechanism: true, evidence: true, missing: 1 }
  const { user, routes } = open(
    { ...lab, name: null, evidence: { kind: 'any', asks: text('or nothing') }, grade },
    { language: 'ko' },
  )
  routes['POST /lab/api/answers'] = () => problem(409, { type: 'tag:example:problem:lab-conflict', detail: 'Over.' })
  expect(await screen.findByRole('heading', { name: '무언가 잘못되었습니다' })).toBeTruthy()
  expect(screen.getByText('맞습니다. 그리고 이것과 별개인 원인이 하나 더 있습니다.')).toBeTruthy()
  await user.selectOptions(screen.getByRole('combobox', { name: '원인은 어디에 있습니까?' }), 'the gateway(한)')
  await user.selectOptions(screen.getByRole('combobox', { name: '원인은 무엇입니까?' }), 'it answers errors(한)')
  await user.click(screen.getByRole('button', { name: '제출' }))
  expect(await screen.findByText(/이미 끝난 실습입니다/)).toBeTruthy()
})

test('no other view gives away what is on while a lab is under way', async () => {
  const { user, routes, show } = open(lab, { path: 'faults' })
  routes['GET /signals/api/logs?limit=200'] = () =>
    json({ lines: [line(1, { fault: 'errors' }), line(2, {})], matched: 2 })
  expect(await screen.findByText(/^A lab is under way/)).toBeTruthy()
  await user.click(screen.getByRole('link', { name: 'Logs' }))
  expect(await screen.findByText('line 2')).toBeTruthy()
  expect(screen.queryByText('line 1')).toBeNull()
  expect(screen.getByText('1 found')).toBeTruthy()
  show(solved)
  expect(await screen.findByText('line 1')).toBeTruthy()
})

const line = (sequence: number, fields: object) => ({
  ...{ sequence, time: Date.now(), service: 'order', level: 'warn', msg: `line ${sequence}`, fields },
  ...{ traceId: null, spanId: null },
})

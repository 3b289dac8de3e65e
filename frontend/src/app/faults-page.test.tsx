import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json, problem, type SentRequest } from './test-network.ts'
import { openSignals } from './test-signals.tsx'

// What a runbook loads late, in more than a test's patience.
await import('../features/signals/runbook-text.tsx')
await import('../features/signals/runbooks-en.ts')
await import('../features/signals/runbooks-ko.ts')

const text = (en: string) => ({ en, ko: `${en}(한)` })
const slow = {
  name: 'slow-inventory',
  services: ['inventory'],
  does: text('It takes longer.'),
  breaks: 'part',
  ratio: 1,
  fires: ['ShopLatencyBudgetBurn'],
  evidence: [
    { kind: 'promql', query: 'rate(x[1m]) > 1', shows: text('it is slow') },
    {
      kind: 'trace',
      query: '{"service":"inventory","minDuration":"1.5s","tags":{"k":"v"}}',
      shows: text('a long span'),
    },
  ],
  cure: text('Undo the rollout.'),
  hints: [text('People wait.'), text('Which span is long?')],
  on: null as object | null,
}
const none = { ...slow, name: 'none', services: [], fires: [], evidence: [], hints: [], breaks: 'nothing' }
const since = new Date(Date.now() - 60_000).toISOString()
const on = { ratio: 0.25, since, until: new Date(Date.now() + 540_000).toISOString() }

type Shown = { faults?: object[]; config?: object; language?: string }

function openFaults({ faults = [none, slow], config = {}, language = 'en' }: Shown = {}) {
  const settings = { tracing: false, signals: true, alerts: false, faults: true, jaegerUrl: null, grafanaUrl: null }
  const routes: Parameters<typeof openSignals>[1] = {
    'GET /config.json': () => json({ ...settings, ...config }),
    'GET /faults/api/faults': () => json(faults),
  }
  return { ...openSignals('/signals/faults', routes, language), routes }
}
const card = async (name: string) =>
  within((await screen.findByRole('heading', { name: new RegExp(`^${name}`), level: 3 })).closest('li')!)

test('shows what each fault does, which is on, how strongly and until when', async () => {
  openFaults({ faults: [none, { ...slow, on }] })
  const shown = await card('slow-inventory')
  expect(shown.getByRole('heading', { name: 'slow-inventory on' })).toBeTruthy()
  expect(shown.getByText('It takes longer.')).toBeTruthy()
  expect(shown.getByText('in inventory')).toBeTruthy()
  expect(shown.getByText('people can do less, or wait')).toBeTruthy()
  expect(shown.getByText('strength 25%')).toBeTruthy()
  expect(shown.getByText(/^until .+ at the latest$/).getAttribute('datetime')).toBe(on.until)
  expect(screen.getByText('On now: slow-inventory')).toBeTruthy()
  const off = await card('none')
  expect(off.getByRole('heading', { name: 'none' })).toBeTruthy()
  expect(off.queryByRole('button', { name: /^(Heal|Evidence|Runbook)/ })).toBeNull()
})

test('sets a fault, as strong and as long as is asked, and says so', async () => {
  const sent: SentRequest[] = []
  const { user, routes } = openFaults()
  routes['PUT /faults/api/faults/slow-inventory'] = (request) => {
    sent.push(request)
    routes['GET /faults/api/faults'] = () => json([none, { ...slow, on }])
    return new Response(null, { status: 204 })
  }
  const opens = (await card('slow-inventory')).getByRole('button', { name: 'Set slow-inventory' })
  await user.click(opens)
  expect(opens.getAttribute('aria-expanded')).toBe('true')
  const strength = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Strength, percent' })
  expect(strength.value).toBe('100')
  const submit = screen.getAllByRole('button', { name: 'Set slow-inventory' })[1]!
  for (const wrong of ['0', '-1', '101', '1e308']) {
    await user.clear(strength)
    await user.type(strength, wrong)
    await user.click(submit)
    expect(screen.getByText('Enter a number above 0, at most 100.')).toBeTruthy()
    expect(document.activeElement).toBe(strength)
  }
  await user.clear(strength)
  await user.click(submit)
  expect(sent).toEqual([])

  await user.type(strength, '25')
  await user.click(screen.getByRole('radio', { name: '30 min' }))
  await user.click(submit)
  const said = await screen.findByText('slow-inventory was set, strength 25%, for 30 min.')
  expect(document.activeElement).toBe(said)
  expect(sent.map(({ body }) => body)).toEqual([{ ratio: 0.25, seconds: 1800 }])
  expect(await screen.findByText('On now: slow-inventory')).toBeTruthy()
})

test('heals one, and the focus is not lost with its button', async () => {
  const { user, routes } = openFaults({ faults: [{ ...slow, on }] })
  routes['DELETE /faults/api/faults/slow-inventory'] = () => {
    routes['GET /faults/api/faults'] = () => json([slow])
    return new Response(null, { status: 204 })
  }
  await user.click(await screen.findByRole('button', { name: 'Heal slow-inventory' }))
  expect(document.activeElement).toBe(await screen.findByText('slow-inventory was healed.'))
  expect(await screen.findByText('None is on.')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Heal slow-inventory' })).toBeNull()
})

test('heals all, and asks nothing where none is on', async () => {
  const { user, routes } = openFaults({ faults: [{ ...slow, on }] })
  routes['DELETE /faults/api/faults'] = () => {
    delete routes['DELETE /faults/api/faults']
    routes['GET /faults/api/faults'] = () => json([slow])
    return new Response(null, { status: 204 })
  }
  const all = await screen.findByRole('button', { name: 'Heal all' })
  await user.click(all)
  expect(await screen.findByText('Every fault was healed. None is on.')).toBeTruthy()
  await waitFor(() => expect(all.getAttribute('aria-disabled')).toBe('true'))
  expect(document.activeElement).toBe(all)
  await user.click(all)
})

test('opens the hints one by one, the cure at last', async () => {
  const { user } = openFaults()
  const shown = await card('slow-inventory')
  await user.click(shown.getByRole('button', { name: 'Hints for slow-inventory' }))
  const hints = () => shown.queryAllByRole('listitem').map(({ textContent }) => textContent)
  expect(hints()).toEqual([])
  const next = shown.getByRole('button', { name: 'Show hint 1 of 2' })
  await user.click(next)
  expect(hints()).toEqual(['People wait.'])
  await user.click(next)
  expect(hints()).toEqual(['People wait.', 'Which span is long?'])
  expect(next.textContent).toBe('Show the cure')
  await user.click(next)
  expect(hints().at(-1)).toBe('Cure: Undo the rollout.')
  await user.click(next)
  expect(hints()).toEqual([])
  expect(document.activeElement).toBe(next)
})

test('shows the evidence, with links to where it is asked', async () => {
  const { user } = openFaults({ faults: [{ ...slow, on }], config: { grafanaUrl: 'https://grafana.example.com' } })
  await user.click(await screen.findByRole('button', { name: 'Evidence of slow-inventory' }))
  expect(screen.getByText('rate(x[1m]) > 1')).toBeTruthy()
  const explore = new URL(screen.getByRole<HTMLAnchorElement>('link', { name: 'Open in Grafana: it is slow' }).href)
  expect(explore.origin + explore.pathname).toBe('https://grafana.example.com/explore')
  const { shown } = JSON.parse(explore.searchParams.get('panes')!)
  expect(shown.queries[0].expr).toBe('rate(x[1m]) > 1')
  expect(shown.range).toEqual({ from: String(Date.parse(since)), to: 'now' })
  const traces = screen.getByRole('link', { name: 'Look at traces: a long span' })
  expect(traces.getAttribute('href')).toBe(
    `/signals/traces?service=inventory&from=${Date.parse(since)}&minDuration=1500&text=v`,
  )
})

test('leads to Jaeger where there is one', async () => {
  const { user } = openFaults({ faults: [{ ...slow, on }], config: { jaegerUrl: 'https://jaeger.example.com' } })
  await user.click(await screen.findByRole('button', { name: 'Evidence of slow-inventory' }))
  const { origin, searchParams } = new URL(
    screen.getByRole<HTMLAnchorElement>('link', { name: 'Look at traces: a long span' }).href,
  )
  expect(origin).toBe('https://jaeger.example.com')
  expect(searchParams.get('minDuration')).toBe('1.5s')
  expect(JSON.parse(searchParams.get('tags')!)).toEqual({ k: 'v' })
  expect(screen.queryByRole('link', { name: /^Open in Grafana/ })).toBeNull()
})

test.each([
  ['en', 'Runbook ShopLatencyBudgetBurn', 'Mitigation'],
  ['ko', '런북 ShopLatencyBudgetBurn', '완화'],
])('opens the runbook of its alert: %s', async (language, button, heading) => {
  const { user } = openFaults({ language })
  await user.click(await screen.findByRole('button', { name: button }))
  expect(await screen.findByRole('heading', { name: heading, level: 4 })).toBeTruthy()
})

test('speaks Korean', async () => {
  const { user } = openFaults({ faults: [{ ...slow, on }], language: 'ko' })
  expect(await screen.findByText('It takes longer.(한)')).toBeTruthy()
  expect(screen.getByRole('heading', { name: 'slow-inventory 켜짐' })).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'slow-inventory 힌트' }))
  await user.click(screen.getByRole('button', { name: '힌트 보기(1/2)' }))
  expect(screen.getByText('People wait.(한)')).toBeTruthy()
})

test('keeps what was entered when it is refused, and says why', async () => {
  const { user, routes } = openFaults({ language: 'ko' })
  routes['PUT /faults/api/faults/slow-inventory'] = () =>
    problem(404, { type: 'tag:example:problem:fault-not-found', detail: 'There is no such fault.' })
  await user.click(await screen.findByRole('button', { name: 'slow-inventory 설정' }))
  await user.click(screen.getAllByRole('button', { name: 'slow-inventory 설정' })[1]!)
  expect(await screen.findByText('그런 이름의 장애가 없습니다.')).toBeTruthy()
  expect(screen.getByRole<HTMLInputElement>('spinbutton').value).toBe('100')
})

test.each([
  ['en', 'No fault can be set on this page.', true, 'make local FAULTS=1'],
  ['ko', '이 페이지에서는 장애를 설정할 수 없습니다.', true, 'make local FAULTS=1'],
])('where it is off it says what turns it on, and offers nothing: %s', async (language, said, signals, command) => {
  openFaults({ config: { faults: false, signals }, language })
  expect(await screen.findByText(said)).toBeTruthy()
  expect(screen.getByText(command)).toBeTruthy()
  expect(screen.queryByRole('link', { name: /^(Faults|장애)$/ })).toBeNull()
})

test('where signals are elsewhere it is the only view, and the shop leads to it', async () => {
  openFaults({ config: { signals: false } })
  await card('none')
  expect(within(screen.getByRole('navigation', { name: 'Signals' })).getAllByRole('link')).toHaveLength(1)
  expect(
    within(screen.getByRole('navigation', { name: 'Observability tools' }))
      .getByRole('link', { name: 'Faults' })
      .getAttribute('href'),
  ).toBe('/signals/faults')
})

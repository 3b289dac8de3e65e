import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json, problem, type SentRequest } from './test-network.ts'
import { openSignals } from './test-signals.tsx'

// What a runbook loads late, in more than a test's patience.
await import('../features/signals/runbook-text.tsx')
await import('../features/signals/runbooks-en.ts')
await import('../features/signals/runbooks-ko.ts')

const grafana = 'https://grafana.example.com'
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const alert = (name: string, rest: object = {}) => ({
  ...{ id: name, name, severity: 'critical', state: 'firing', since: minutesAgo(12), labels: { alertname: name } },
  ...{ summary: `${name} in short`, description: null, receivers: ['shown'] },
  ...{ runbookUrl: null, dashboardUrl: null, logsUrl: null, ...rest },
})
const down = alert('ShopServiceDown', {
  labels: { alertname: 'ShopServiceDown', severity: 'critical', app: 'product', namespace: 'shop' },
  dashboardUrl: 'https://grafana.example.com/d/shop-service',
  logsUrl: 'https://grafana.example.com/explore',
})
const silence = {
  ...{ id: 's1', matchers: ['alertname="Quiet"'], createdBy: 'Kim', comment: 'a release' },
  ...{ from: minutesAgo(1), until: minutesAgo(-59) },
}

type Shown = { alerts?: object[]; silences?: object[]; config?: object; language?: string }

function openAlerts({ alerts = [], silences = [], config = {}, language = 'en' }: Shown = {}) {
  const settings = { tracing: false, signals: true, alerts: true, silences: true, jaegerUrl: null, grafanaUrl: grafana }
  const routes: Parameters<typeof openSignals>[1] = {
    'GET /config.json': () => json({ ...settings, ...config }),
    'GET /signals/api/services': () => json([{ service: 'product', routes: [] }]),
    'GET /alerts/api/alerts': () => json({ alerts, matched: alerts.length }),
    'GET /alerts/api/silences': () => json(silences),
  }
  return { ...openSignals('/signals/alerts', routes, language), routes }
}
const linksOf = (name: string) =>
  Object.fromEntries(
    within(screen.getByRole('heading', { name: new RegExp(`^${name}`) }).closest('li')!)
      .getAllByRole('link')
      .map((link) => [link.textContent, link.getAttribute('href')]),
  )

test('shows what fires, since when, and apart from it what nobody is told of and what is no trouble', async () => {
  openAlerts({
    alerts: [down, alert('Beat', { severity: 'info' }), alert('Hidden', { state: 'inhibited' })],
  })
  const card = (await screen.findByRole('heading', { name: 'ShopServiceDown critical' })).closest('li')!
  expect(screen.getByRole('heading', { name: 'Firing 1' })).toBeTruthy()
  expect(within(card).getByText('ShopServiceDown in short')).toBeTruthy()
  expect(within(card).getByText(/^since .+, 12 minutes ago$/)).toBeTruthy()
  expect(within(card).getByText('goes to shown')).toBeTruthy()
  expect(
    within(card)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent),
  ).toEqual(['app=product', 'namespace=shop'])
  const groups = [...document.querySelectorAll('details')].map((group) =>
    [...group.querySelectorAll('h2, h3')].map(({ textContent }) => textContent),
  )
  expect(groups).toEqual([
    ['Of which nobody is told 1', 'Hidden critical'],
    ['For information 1', 'Beat info'],
  ])
  expect(screen.getByText('another alert tells of it')).toBeTruthy()
})

test('leads to the dashboard, and to the traces and logs since before it fired', async () => {
  openAlerts({ alerts: [down, alert('ShopDatabaseDown', { labels: { app: 'postgres' } })] })
  await waitFor(() => expect(linksOf('ShopServiceDown')).toHaveProperty('Traces'))
  const from = Date.parse(down.since) - 15 * 60_000
  expect(linksOf('ShopServiceDown')).toEqual({
    Dashboard: 'https://grafana.example.com/d/shop-service',
    Traces: `/signals/traces?service=product&from=${from}`,
    Logs: `/signals/logs?service=product&from=${from}`,
  })
  expect(Object.keys(linksOf('ShopDatabaseDown'))).toEqual(['Logs'])
})

test('where signals are elsewhere, it is the only view, and leads to Jaeger and Loki', async () => {
  openAlerts({ alerts: [down], config: { signals: false, jaegerUrl: 'https://jaeger.example.com' } })
  await screen.findByText('ShopServiceDown in short')
  const { Logs, Traces } = linksOf('ShopServiceDown')
  expect(Logs).toBe('https://grafana.example.com/explore')
  expect(Traces).toMatch(
    /^https:\/\/jaeger\.example\.com\/search\?service=product&start=\d{16}&end=\d{16}&lookback=custom$/,
  )
  expect(within(screen.getByRole('navigation', { name: 'Signals' })).getAllByRole('link')).toHaveLength(1)
})

test('leads to no Grafana where there is none', async () => {
  openAlerts({ alerts: [down], config: { grafanaUrl: null } })
  await screen.findByText('ShopServiceDown in short')
  expect(Object.keys(linksOf('ShopServiceDown'))).not.toContain('Dashboard')
})

test('says whether the rules are evaluated when nothing fires', async () => {
  const { routes } = openAlerts()
  expect(await screen.findByText('Nothing fires.')).toBeTruthy()
  expect(screen.getByText(/^But the alert that always fires is missing/)).toBeTruthy()
  const alerts = [alert('ShopDeadMansSwitch', { severity: 'info' })]
  routes['GET /alerts/api/alerts'] = () => json({ alerts, matched: 1 })
  expect(await screen.findByText(/^The rules are evaluated/)).toBeTruthy()
  expect(screen.getByText('Nothing fires.')).toBeTruthy()
})

test.each([
  ['en', 'Runbook of ShopServiceDown', 'Impact', 'frontend', /The shop does not open/],
  ['ko', '런북: ShopServiceDown', '영향', 'frontend', /상점이 열리지 않습니다/],
])('opens the runbook in the page: %s', async (language, button, heading, cell, text) => {
  const { user } = openAlerts({ alerts: [down], language })
  const opens = await screen.findByRole('button', { name: button })
  await user.click(opens)
  expect(opens.getAttribute('aria-expanded')).toBe('true')
  expect(await screen.findByRole('heading', { name: heading, level: 4 })).toBeTruthy()
  expect(screen.getByRole('cell', { name: cell })).toBeTruthy()
  expect(screen.getByText(text)).toBeTruthy()
  expect(document.body.textContent).not.toContain('<!--')
})

test('follows a runbook to another one and back', async () => {
  const { user } = openAlerts({ alerts: [alert('ShopErrorBudgetNearlySpent')] })
  await user.click(await screen.findByRole('button', { name: /^Runbook of/ }))
  await user.click(await screen.findByRole('button', { name: 'ShopErrorBudgetBurn' }))
  expect(screen.getByText(/^Of the requests of one route group/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Back to ShopErrorBudgetNearlySpent' }))
  expect(screen.getByRole('button', { name: 'ShopErrorBudgetBurn' })).toBeTruthy()
})

test('of an alert that is none of the shop’s, it says where the runbook is', async () => {
  const { user } = openAlerts({ alerts: [alert('KubePodCrashLooping', { runbookUrl: 'https://example.com/k.md' })] })
  await user.click(await screen.findByRole('button', { name: /^Runbook of/ }))
  expect((await screen.findByRole('link', { name: 'Open it where it is' })).getAttribute('href')).toBe(
    'https://example.com/k.md',
  )
})

test('silences an alert, and says so', async () => {
  const sent: SentRequest[] = []
  const { user, routes } = openAlerts({ alerts: [down] })
  routes['POST /alerts/api/silences'] = (request) => {
    sent.push(request)
    routes['GET /alerts/api/alerts'] = () => json({ alerts: [{ ...down, state: 'silenced' }], matched: 1 })
    return json({ id: 's1' }, { status: 201 })
  }
  await user.click(await screen.findByRole('button', { name: 'Silence of ShopServiceDown' }))
  const submit = screen.getByRole('button', { name: 'Silence' })
  await user.click(submit)
  expect(screen.getByText('Say who silences it, in at most 100 characters.')).toBeTruthy()
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Your name' }))
  expect(sent).toEqual([])

  await user.click(screen.getByRole('radio', { name: '4 h' }))
  await user.type(screen.getByRole('textbox', { name: 'Your name' }), ' Kim ')
  await user.type(screen.getByRole('textbox', { name: 'Why' }), 'a release')
  await user.click(submit)
  const said = await screen.findByText('ShopServiceDown is silenced for 4 h.')
  expect(document.activeElement).toBe(said)
  expect(sent.map(({ body }) => body)).toEqual([
    { alert: 'ShopServiceDown', minutes: 240, createdBy: 'Kim', comment: 'a release' },
  ])
  await screen.findByRole('heading', { name: 'Of which nobody is told 1' })
})

test('keeps what was entered when a silence is refused, and says why', async () => {
  const { user, routes } = openAlerts({ alerts: [down], language: 'ko' })
  routes['POST /alerts/api/silences'] = () =>
    problem(404, { type: 'tag:example:problem:alert-not-found', detail: 'It does not fire any more.' })
  await user.click(await screen.findByRole('button', { name: '사일런스: ShopServiceDown' }))
  await user.type(screen.getByRole('textbox', { name: '이름' }), 'Kim')
  await user.type(screen.getByRole('textbox', { name: '이유' }), '배포')
  await user.click(screen.getByRole('button', { name: '사일런스' }))
  expect(await screen.findByText(/^이 알림은 더 이상 발생하고 있지 않아/)).toBeTruthy()
  expect((screen.getByRole('textbox', { name: '이유' }) as HTMLInputElement).value).toBe('배포')
})

test('lists the silences and ends one', async () => {
  const { user, routes } = openAlerts({ silences: [silence] })
  routes['DELETE /alerts/api/silences/s1'] = () => {
    routes['GET /alerts/api/silences'] = () => json([])
    return new Response(null, { status: 204 })
  }
  expect(await screen.findByText(/^Kim ·/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'End the silence of alertname="Quiet"' }))
  expect(document.activeElement).toBe(await screen.findByText('The silence has ended.'))
  await waitFor(() => expect(screen.queryByText('a release')).toBeNull())
})

test('where silences are not for this page, it offers none', async () => {
  openAlerts({ alerts: [down], silences: [silence], config: { silences: false } })
  expect(await screen.findByText('a release')).toBeTruthy()
  expect(screen.queryByRole('button', { name: /silence/i })).toBeNull()
})

test.each([
  ['en', 'No Alertmanager is here to tell what fires.'],
  ['ko', '발생한 알림을 알려 줄 Alertmanager가 없습니다.'],
])('without Alertmanager it names the command that brings it: %s', async (language, text) => {
  openAlerts({ config: { alerts: false }, language })
  expect(await screen.findByText(text)).toBeTruthy()
  expect(screen.getByText('make local STACK=1')).toBeTruthy()
})

test('names the command while Alertmanager does not answer, and recovers by itself', async () => {
  const { routes } = openAlerts({ alerts: [down] })
  const answers = routes['GET /alerts/api/alerts']!
  routes['GET /alerts/api/alerts'] = () => problem(503, { detail: 'Alertmanager is away.' })
  expect(await screen.findByText('Alertmanager does not answer.')).toBeTruthy()
  expect(screen.getByText('make local STACK=1')).toBeTruthy()
  routes['GET /alerts/api/alerts'] = answers
  expect(await screen.findByText('ShopServiceDown in short')).toBeTruthy()
})

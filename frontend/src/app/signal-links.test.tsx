import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json } from './test-network.ts'
import { openShop, orderOf } from './test-shop.tsx'

const order = orderOf(2, { createdAt: '2026-11-23T10:00:00.000Z' })
const away = { tracing: true, signals: false, jaegerUrl: null, grafanaUrl: null }

function openWith(config: object) {
  openShop({
    'GET /config.json': () => json({ ...away, ...config }),
    'GET /api/orders?limit=12': () => json([order]),
  })
}

const address = async (name: string) => new URL((await screen.findByRole<HTMLAnchorElement>('link', { name })).href)

test('an order leads to its trace and logs on the Signals page', async () => {
  openWith({ signals: true })
  expect((await address(`Trace of order ${order.id}`)).pathname).toBe('/signals')
  expect((await address(`Trace of order ${order.id}`)).searchParams.get('orderId')).toBe(order.id)
  const logs = await address(`Logs of order ${order.id}`)
  expect(logs.pathname + logs.search).toBe(`/signals/logs?orderId=${order.id}`)
  expect((await address('Signals')).pathname).toBe('/signals')
})

test('an order leads to Jaeger and to Grafana Explore where those are', async () => {
  openWith({ jaegerUrl: 'http://jaeger:16686', grafanaUrl: 'http://grafana:3000' })
  const trace = await address(`Trace of order ${order.id}`)
  expect(trace.origin + trace.pathname).toBe('http://jaeger:16686/search')
  expect(JSON.parse(trace.searchParams.get('tags')!)).toEqual({ 'order.id': order.id })
  expect(Number(trace.searchParams.get('start'))).toBe((Date.parse(order.createdAt) - 60_000) * 1000)
  const logs = await address(`Logs of order ${order.id}`)
  expect(logs.origin + logs.pathname).toBe('http://grafana:3000/explore')
  const { shown: pane } = JSON.parse(logs.searchParams.get('panes')!)
  expect(pane.queries[0].expr).toBe(`{namespace="shop"} |= "${order.id}"`)
  expect(screen.queryByRole('link', { name: 'Signals' })).toBeNull()
})

test('an order leads nowhere where nothing keeps signals', async () => {
  openWith({})
  expect(await screen.findByText(order.id)).toBeTruthy()
  expect(screen.queryByRole('link', { name: /of order/ })).toBeNull()
})

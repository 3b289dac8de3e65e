import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json, problem } from './test-network.ts'
import { lamp, openShop, orderOf } from './test-shop.tsx'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

test('shows that it is loading, then each product with its price and stock', async () => {
  openShop({
    'GET /api/products?limit=24': () => json([lamp, { id: 'cup', name: 'Cup', price: 5.49 }]),
    'GET /api/inventory?limit=100': () => json({ lamp: 3 }),
  })
  expect(screen.getAllByText('Loading…')).toHaveLength(2)
  const card = await screen.findByRole('listitem', { name: 'Lamp' })
  expect(within(card).getByText('$10.99', { selector: '.price' })).toBeTruthy()
  expect(await within(card).findByText('Only 3 left')).toBeTruthy()
  expect(within(screen.getByRole('listitem', { name: 'Cup' })).getByText('No stock set')).toBeTruthy()
  expect(screen.queryByText('Loading…')).toBeNull()
})

test('says what to do in an empty shop', async () => {
  openShop({ 'GET /api/products?limit=24': () => json([]), 'GET /api/inventory?limit=100': () => json({}) })
  expect(await screen.findByText('No products yet.')).toBeTruthy()
  expect(await screen.findByText('No orders yet.')).toBeTruthy()
})

test('explains a failed load with its trace, and recovers on request', async () => {
  const { user, routes } = openShop({
    'GET /api/products?limit=24': () => problem(500, { detail: 'The service failed.', traceId }),
  })
  const alert = await screen.findByRole('alert', { name: '' })
  expect(alert.textContent).toContain('Something broke inside the shop.')
  expect(alert.textContent).toContain('The service failed.')
  expect(alert.textContent).toContain(traceId)
  routes['GET /api/products?limit=24'] = () => json([lamp])
  await user.click(within(alert).getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('listitem', { name: 'Lamp' })).toBeTruthy()
  expect(screen.queryByText(traceId)).toBeNull()
})

test('links a trace to Jaeger where there is one', async () => {
  openShop({
    'GET /config.json': () =>
      json({ tracing: true, signals: false, jaegerUrl: 'http://jaeger:16686', grafanaUrl: null }),
    'GET /api/orders?limit=12': () => problem(500, { traceId }),
  })
  const link = await screen.findByRole('link', { name: `Open trace ${traceId}` })
  expect(link.getAttribute('href')).toBe(`http://jaeger:16686/trace/${traceId}`)
  expect(screen.getByRole('link', { name: 'Jaeger' }).getAttribute('href')).toBe('http://jaeger:16686')
})

test('still sells while the stock cannot be told', async () => {
  openShop({ 'GET /api/inventory?limit=100': () => problem(503, {}, { 'retry-after': '0' }) })
  const card = await screen.findByRole('listitem', { name: 'Lamp' })
  expect(within(card).getByText('Stock unknown')).toBeTruthy()
  expect(within(card).getByRole('button', { name: 'Buy $10.99, Lamp' })).toBeTruthy()
  expect(await screen.findByText('A part of the shop is away right now.')).toBeTruthy()
})

test('a region that breaks leaves the others working', async () => {
  openShop({ 'GET /api/orders?limit=12': () => json([orderOf(1, { createdAt: 'not a time' })]) })
  expect(await screen.findByText('This part of the page failed.')).toBeTruthy()
  expect(await screen.findByRole('button', { name: 'Buy $10.99, Lamp' })).toBeTruthy()
})

test('shows the older orders and products page by page', async () => {
  const { user } = openShop({
    'GET /api/orders?limit=12': () =>
      json([orderOf(1)], { headers: { link: '</api/orders?limit=12&after=abc>; rel="next"' } }),
    'GET /api/orders?limit=12&after=abc': () => json([orderOf(2, { id: 'older', status: 'REJECTED' })]),
  })
  const orders = await screen.findByRole('region', { name: 'Orders' })
  await user.click(await within(orders).findByRole('button', { name: 'Show more' }))
  expect(await within(orders).findByText('Rejected')).toBeTruthy()
  expect(within(orders).getAllByRole('listitem')).toHaveLength(2)
  expect(within(orders).queryByRole('button', { name: 'Show more' })).toBeNull()
})

test('reads the stock of a large shop to its last page', async () => {
  openShop({
    'GET /api/inventory?limit=100': () =>
      json({ cup: 1 }, { headers: { link: '</api/inventory?limit=100&after=xyz>; rel="next"' } }),
    'GET /api/inventory?limit=100&after=xyz': () => json({ lamp: 42 }),
  })
  expect(await screen.findByText('42 in stock')).toBeTruthy()
})

test('speaks Korean on request, and remembers it', async () => {
  const { user } = openShop()
  await user.click(await screen.findByRole('radio', { name: '한국어' }))
  expect(screen.getByRole('heading', { name: '상품' })).toBeTruthy()
  expect(await screen.findByRole('button', { name: '구매 US$10.99, Lamp' })).toBeTruthy()
  expect(document.documentElement.lang).toBe('ko')
  expect(localStorage.getItem('language')).toBe('ko')
})

test('starts in the remembered language and theme', async () => {
  localStorage.setItem('language', 'ko')
  localStorage.setItem('theme', 'dark')
  openShop()
  expect(await screen.findByRole('heading', { name: '주문' })).toBeTruthy()
  expect(document.documentElement.dataset.theme).toBe('dark')
})

test('follows the system until light or dark is chosen', async () => {
  const { user } = openShop()
  expect(document.documentElement.dataset.theme).toBe('system')
  await user.click(screen.getByRole('radio', { name: 'Dark' }))
  expect(document.documentElement.dataset.theme).toBe('dark')
  expect(localStorage.getItem('theme')).toBe('dark')
  await screen.findByRole('listitem', { name: 'Lamp' })
})

import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json, problem, type SentRequest } from './test-network.ts'
import { openShop, orderOf } from './test-shop.tsx'

/** The shop whose POST /orders gives these answers in turn, the last one for ever; with what it was sent. */
function openShopAnswering(...answers: (() => Response)[]) {
  const sent: SentRequest[] = []
  const shop = openShop({
    'POST /api/orders': (request) => {
      const answer = answers[Math.min(sent.length, answers.length - 1)]!
      sent.push(request)
      return answer()
    },
  })
  return { ...shop, sent, keys: () => sent.map(({ headers }) => headers.get('idempotency-key')) }
}

const buyOne = () => screen.findByRole('button', { name: 'Buy $10.99, Lamp' })
const noAnswer = () => {
  throw new TypeError('Failed to fetch')
}
const away = () => problem(504, {}, { 'retry-after': '0' })

test('orders the entered quantity and shows the order', async () => {
  const { user, routes, sent, keys } = openShopAnswering(() => json(orderOf(3), { status: 201 }))
  const quantity = await screen.findByRole('spinbutton', { name: 'Quantity of Lamp' })
  await user.clear(quantity)
  await user.type(quantity, '2')
  await user.click(screen.getByRole('button', { name: 'One more of Lamp' }))
  routes['GET /api/orders?limit=12'] = () => json([orderOf(3)])
  routes['GET /api/inventory?limit=100'] = () => json({ lamp: 47 })
  await user.click(screen.getByRole('button', { name: 'Buy $32.97, Lamp' }))
  expect(await screen.findByText('Ordered: 3 × Lamp for $32.97.')).toBeTruthy()
  expect(sent.map(({ body }) => body)).toEqual([{ productId: 'lamp', quantity: 3 }])
  expect(keys()[0]).toMatch(/^[\x21-\x7e]{16,128}$/)
  const orders = screen.getByRole('region', { name: 'Orders' })
  expect(await within(orders).findByText('Created')).toBeTruthy()
  expect(await screen.findByText('47 in stock')).toBeTruthy()
})

test.each(['0', '1001', '1.5', '-1', ''])('refuses the quantity "%s" without asking the shop', async (entered) => {
  const { user, sent } = openShopAnswering(() => json(orderOf(1), { status: 201 }))
  const quantity = await screen.findByRole('spinbutton', { name: 'Quantity of Lamp' })
  await user.clear(quantity)
  if (entered) await user.type(quantity, entered)
  await user.keyboard('{Enter}')
  expect(screen.getByText('Enter a whole number from 1 to 1,000.')).toBeTruthy()
  expect(quantity.getAttribute('aria-invalid')).toBe('true')
  expect(sent).toEqual([])
})

test.each([
  ['a network error', noAnswer],
  ['502', () => problem(502, {}, { 'retry-after': '0' })],
  ['503', () => problem(503, {}, { 'retry-after': '0' })],
  ['504', away],
])('asks again with the same key after %s', async (_name, failure) => {
  const { user, keys } = openShopAnswering(failure, failure, () => json(orderOf(1), { status: 201 }))
  await user.click(await buyOne())
  expect(await screen.findByText('Ordered: 1 × Lamp for $10.99.', {}, { timeout: 3_000 })).toBeTruthy()
  expect(keys()).toHaveLength(3)
  expect(new Set(keys()).size).toBe(1)
})

test('admits that the outcome is unknown; buying again is the same order, another quantity is not', async () => {
  const { user, keys, sent } = openShopAnswering(away)
  await user.click(await buyOne())
  expect(await screen.findByText(/It is not known whether the order was placed/)).toBeTruthy()
  const tries = sent.length
  await user.click(await buyOne())
  await waitFor(() => expect(sent.length).toBe(2 * tries))
  expect(new Set(keys()).size).toBe(1)
  await screen.findByText(/It is not known whether the order was placed/)
  await user.click(screen.getByRole('button', { name: 'One more of Lamp' }))
  await user.click(screen.getByRole('button', { name: 'Buy $21.98, Lamp' }))
  await waitFor(() => expect(sent.length).toBe(3 * tries))
  expect(new Set(keys()).size).toBe(2)
  await screen.findByText(/It is not known whether the order was placed/)
})

test('a second purchase after an answered one is a new order', async () => {
  const { user, keys } = openShopAnswering(() => json(orderOf(1), { status: 201 }))
  await user.click(await buyOne())
  await screen.findByText('Ordered: 1 × Lamp for $10.99.')
  await user.click(await buyOne())
  await waitFor(() => expect(new Set(keys()).size).toBe(2))
})

test.each([
  ['CREATED', 'Ordered: 1 × Lamp for $10.99.'],
  ['REJECTED', 'The order was rejected: not enough stock. Nothing was sold.'],
])('does not call a 202 a sale, and tells when it is %s', async (status, outcome) => {
  const pending = orderOf(1, { status: 'PENDING' })
  const { user, routes } = openShopAnswering(() => json(pending, { status: 202 }))
  routes[`GET /api/orders/${pending.id}`] = () => json(pending)
  await user.click(await buyOne())
  expect(await screen.findByText(/The stock is not confirmed yet/)).toBeTruthy()
  expect(screen.queryByText(/^Ordered/)).toBeNull()
  routes[`GET /api/orders/${pending.id}`] = () => json({ ...pending, status })
  expect(await screen.findByText(outcome, {}, { timeout: 3_000 })).toBeTruthy()
})

test('tells how many are left when there are not enough', async () => {
  const { user, sent } = openShopAnswering(() => problem(409, { currentStock: 3, requested: 1, traceId: 'abc123' }))
  await user.click(await buyOne())
  const alert = await screen.findByText('Only 3 left, and you asked for 1. Nothing was sold.')
  expect(alert.closest('[role=alert]')?.textContent).toContain('abc123')
  expect(sent).toHaveLength(1)
})

test('takes no orders for what is sold out', async () => {
  const { user } = openShop({ 'GET /api/inventory?limit=100': () => json({ lamp: 0 }) })
  const card = await screen.findByRole('listitem', { name: 'Lamp' })
  const button = await within(card).findByRole('button', { name: 'Sold out' })
  expect(button.getAttribute('aria-disabled')).toBe('true')
  await user.click(button)
  expect(within(card).getByRole('button', { name: 'Sold out' })).toBe(button)
})

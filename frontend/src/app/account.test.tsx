import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json, problem } from './test-network.ts'
import { openShop, orderOf } from './test-shop.tsx'

const config = (customer: string | null) => () =>
  json({ tracing: false, signals: false, jaegerUrl: null, grafanaUrl: null, signIn: true, customer })
const over = () => problem(401, { type: 'tag:x:problem:session-over', detail: 'You have been signed out.' })

test('leads a guest to the sign-in, asks for no orders, and lets them buy', async () => {
  let listed = 0
  const { user } = openShop({
    'GET /config.json': config(null),
    'GET /api/orders?limit=12': () => {
      listed++
      return over()
    },
    'POST /api/orders': () => json(orderOf(1), { status: 201 }),
  })
  const orders = await screen.findByRole('region', { name: 'Your orders' })
  expect(within(orders).getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/auth/sign-in')
  await user.click(await screen.findByRole('button', { name: 'Buy $10.99, Lamp' }))
  expect(await screen.findByText('Ordered: 1 × Lamp for $10.99.')).toBeTruthy()
  expect(listed).toBe(0)
})

test('shows a customer their name and orders', async () => {
  openShop({ 'GET /config.json': config('alice'), 'GET /api/orders?limit=12': () => json([orderOf(2)]) })
  const orders = await screen.findByRole('region', { name: 'Your orders' })
  expect(await within(orders).findByText('Created')).toBeTruthy()
  expect(within(screen.getByRole('banner')).getByText('alice')).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Sign out' })).toBeTruthy()
})

test('asks to sign in again when the session is over', async () => {
  const { user, routes } = openShop({
    'GET /config.json': config('alice'),
    'POST /api/orders': over,
  })
  routes['GET /api/orders?limit=12'] = over
  await user.click(await screen.findByRole('button', { name: 'Buy $10.99, Lamp' }))
  expect(await screen.findByText('Sign in first.')).toBeTruthy()
  expect(within(screen.getByRole('banner')).getByRole('link', { name: 'Sign in' })).toBeTruthy()
  expect(await screen.findByText('Sign in to see what you ordered.')).toBeTruthy()
})

test('says nothing of signing in where nobody does', async () => {
  openShop()
  expect(await screen.findByRole('region', { name: 'Orders' })).toBeTruthy()
  expect(screen.queryByRole('link', { name: 'Sign in' })).toBeNull()
})

test('says who may not change the catalogue', async () => {
  const { user } = openShop({
    'GET /config.json': config('alice'),
    'POST /api/products': () => problem(403, { type: 'tag:x:problem:insufficient-scope', detail: 'No scope.' }),
  })
  await user.click(await screen.findByRole('button', { name: 'Add a product' }))
  await user.type(screen.getByRole('textbox', { name: 'Name' }), 'Chair')
  await user.type(screen.getByRole('textbox', { name: 'Price in US dollars' }), '5')
  await user.click(screen.getByRole('button', { name: 'Add product' }))
  expect(await screen.findByText('You may not do this.')).toBeTruthy()
})

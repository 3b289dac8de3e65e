import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { json, problem, type SentRequest } from './test-network.ts'
import { lamp, openShop } from './test-shop.tsx'

const cup = { id: 'cup', name: 'Cup', price: 5.5 }

async function fillDialog(user: ReturnType<typeof openShop>['user'], name: string, price: string, stock: string) {
  await user.click(await screen.findByRole('button', { name: 'Add a product' }))
  const dialog = screen.getByRole('dialog', { name: 'Add a product' })
  await user.type(within(dialog).getByLabelText('Name'), name)
  await user.type(within(dialog).getByLabelText('Price in US dollars'), price)
  await user.clear(within(dialog).getByLabelText('Opening stock'))
  await user.type(within(dialog).getByLabelText('Opening stock'), stock)
  await user.click(within(dialog).getByRole('button', { name: 'Add product' }))
  return dialog
}

test('adds a product with its opening stock and brings it into view', async () => {
  const sent: unknown[] = []
  const { user } = openShop({
    'POST /api/products': ({ body }) => {
      sent.push(body)
      return json(cup, { status: 201 })
    },
    'PUT /api/inventory/cup': ({ body }) => {
      sent.push(body)
      return json({ productId: 'cup', quantity: 7 })
    },
  })
  await fillDialog(user, ' Cup ', '5.50', '7')
  const card = await screen.findByRole('listitem', { name: 'Cup' })
  expect(sent).toEqual([{ name: 'Cup', price: 5.5 }, { quantity: 7 }])
  expect(document.activeElement).toBe(card)
  expect(screen.getByText('Cup was added.')).toBeTruthy()
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('names each field that cannot be right, without asking the shop', async () => {
  const { user } = openShop()
  const dialog = await fillDialog(user, ' ', '1.999', '-3')
  expect(within(dialog).getByText('Enter a name of 1 to 200 characters.')).toBeTruthy()
  expect(within(dialog).getByText(/Enter a price from 0 to 1,000,000/)).toBeTruthy()
  expect(within(dialog).getByText('Enter a whole number, 0 or more.')).toBeTruthy()
  expect(document.activeElement).toBe(within(dialog).getByLabelText('Name'))
})

test('shows in the dialog why the shop refused a product', async () => {
  const { user } = openShop({
    'POST /api/products': () => problem(400, { detail: 'body field "name" is not a name', traceId: 'abc123' }),
  })
  const dialog = await fillDialog(user, 'Cup', '5.50', '7')
  expect(await within(dialog).findByText('body field "name" is not a name')).toBeTruthy()
  expect(within(dialog).getByText('abc123')).toBeTruthy()
})

test('tells when a product was added without its stock', async () => {
  const { user } = openShop({
    'POST /api/products': () => json(cup, { status: 201 }),
    'PUT /api/inventory/cup': () => problem(503, {}),
  })
  await fillDialog(user, 'Cup', '5.50', '7')
  expect(await screen.findByText(/Cup was added, but its stock was not set/)).toBeTruthy()
  expect(screen.getByRole('listitem', { name: 'Cup' })).toBeTruthy()
})

test('sets the stock only if it is still what was read', async () => {
  const sent: SentRequest[] = []
  const { user, routes } = openShop({
    'GET /api/inventory/lamp': () => json({ productId: 'lamp', quantity: 50 }, { headers: { etag: '"50"' } }),
    'PUT /api/inventory/lamp': (request) => {
      sent.push(request)
      return json({ productId: 'lamp', quantity: 80 })
    },
  })
  await user.click(await screen.findByRole('button', { name: 'Set stock of Lamp' }))
  const input = await screen.findByRole('spinbutton', { name: 'Stock of Lamp' })
  expect(document.activeElement).toBe(input)
  await user.keyboard('80')
  routes['GET /api/inventory?limit=100'] = () => json({ lamp: 80 })
  await user.keyboard('{Enter}')
  expect(await screen.findByText('80 in stock')).toBeTruthy()
  expect(sent[0]!.body).toEqual({ quantity: 80 })
  expect(sent[0]!.headers.get('if-match')).toBe('"50"')
})

test('lets a person look again when the stock changed meanwhile, then replaces it', async () => {
  let stock = 50
  const { user, routes } = openShop({
    'GET /api/inventory/lamp': () => json({ productId: 'lamp', quantity: stock }, { headers: { etag: `"${stock}"` } }),
    'PUT /api/inventory/lamp': ({ headers }) =>
      headers.has('if-match') ? problem(412) : json({ productId: 'lamp', quantity: 80 }),
  })
  await user.click(await screen.findByRole('button', { name: 'Set stock of Lamp' }))
  const input = await screen.findByRole('spinbutton', { name: 'Stock of Lamp' })
  stock = 48
  await user.clear(input)
  await user.type(input, '80{Enter}')
  expect(await screen.findByText(/The stock changed to 48 while you were editing/)).toBeTruthy()
  expect(input).toHaveProperty('value', '80')
  routes['GET /api/inventory?limit=100'] = () => json({ lamp: 80 })
  await user.click(screen.getByRole('button', { name: 'Replace anyway' }))
  expect(await screen.findByText('80 in stock')).toBeTruthy()
})

test('stocks a product that never had stock', async () => {
  const { user } = openShop({
    'GET /api/products?limit=24': () => json([lamp]),
    'GET /api/inventory?limit=100': () => json({}),
    'GET /api/inventory/lamp': () => problem(404),
    'PUT /api/inventory/lamp': ({ headers }) =>
      headers.has('if-match') ? problem(412) : json({ productId: 'lamp', quantity: 1 }),
  })
  await user.click(await screen.findByRole('button', { name: 'Set stock of Lamp' }))
  await user.type(await screen.findByRole('spinbutton', { name: 'Stock of Lamp' }), '1{Enter}')
  expect(await screen.findByText('Stock set to 1.')).toBeTruthy()
})

test('Escape leaves the stock as it was and gives the focus back', async () => {
  const { user } = openShop({
    'GET /api/inventory/lamp': () => json({ productId: 'lamp', quantity: 50 }, { headers: { etag: '"50"' } }),
  })
  await user.click(await screen.findByRole('button', { name: 'Set stock of Lamp' }))
  await screen.findByRole('spinbutton', { name: 'Stock of Lamp' })
  await user.keyboard('99{Escape}')
  const button = await screen.findByRole('button', { name: 'Set stock of Lamp' })
  await expect.poll(() => document.activeElement).toBe(button)
})

import { screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { problem } from './test-network.ts'
import { openShop } from './test-shop.tsx'

const typed = (name: string) => `tag:hello-observability.example,2026:problem:${name}`

async function detailOf(members: object, status = 400) {
  localStorage.setItem('language', 'ko')
  openShop({ 'GET /api/orders?limit=12': () => problem(status, { detail: 'In English.', ...members }) })
  const alert = await within(await screen.findByRole('region', { name: '주문' })).findByRole('alert')
  const detail = alert.querySelector<HTMLElement>('.notice-detail')!
  return [detail.lang, detail.textContent]
}

test('says in Korean what is wrong, by the type of the problem and with what it names', async () => {
  expect(await detailOf({ type: typed('invalid-request'), field: 'quantity' })).toEqual([
    'ko',
    '"quantity" 값이 올바르지 않습니다.',
  ])
})

test('says so too where the type is the address of a page', async () => {
  const type = 'https://shop.example/docs/problems#insufficient-inventory'
  expect(await detailOf({ type, currentStock: 3, requested: 5 }, 409)).toEqual([
    'ko',
    '재고가 3개 남아 있어 5개를 주문할 수 없습니다.',
  ])
})

test.each([typed('new-problem'), typed('constructor'), undefined])(
  'leaves the words of the service where it does not know the type %s',
  async (type) => expect(await detailOf({ type })).toEqual(['en', 'In English.']),
)

test('calls an order by its quantity so that it is not read as part of the name', async () => {
  const { ko } = await import('../shared/messages-ko.ts')
  expect(ko.buy.created('1', 'Product 2', 'US$29.99')).toBe('주문 완료: Product 2 × 1개, US$29.99.')
})

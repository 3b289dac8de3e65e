import { render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { expect, test } from 'vitest'
import { LanguageProvider } from '../../shared/language.tsx'
import { ExemplarPoints } from './exemplar-points.tsx'

const exemplar = (traceId: string, time: number) => ({
  traceId,
  time,
  value: 12,
  labels: { http_route: `/${traceId}` },
})
const chart = (...exemplars: ReturnType<typeof exemplar>[]) => (
  <LanguageProvider>
    <MemoryRouter>
      <ExemplarPoints service="order" exemplars={exemplars} place={(time, value) => ({ left: time, top: value })} />
    </MemoryRouter>
  </LanguageProvider>
)
const addresses = () => screen.getAllByRole('link').map((point) => point.getAttribute('href')?.slice(-1))

test('a point stays as long as it has the focus, also when a slower request takes its place', async () => {
  const user = userEvent.setup()
  const { rerender } = render(chart(exemplar('a', 1), exemplar('b', 2)))
  await user.tab()
  expect(document.activeElement).toBe(screen.getByRole('link', { name: /\/b/ }))
  rerender(chart(exemplar('a', 1), exemplar('c', 3)))
  expect(addresses()).toEqual(['a', 'b', 'c'])
  expect(document.activeElement).toBe(screen.getByRole('link', { name: /\/b/ }))
  await user.keyboard('{ArrowRight}')
  expect(document.activeElement).toBe(screen.getByRole('link', { name: /\/c/ }))
  expect(addresses()).toEqual(['a', 'c'])
})

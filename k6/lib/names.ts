import type { Group } from './promises.ts'

/** The routes that are asked for, by the name under which they are measured, with the objective that they count for. */
export const routes = {
  'GET /api/products': 'products',
  'GET /api/products/{id}': 'products',
  'GET /api/inventory/{id}': 'inventory',
  'GET /api/orders': 'orders',
  'POST /api/orders': 'orders',
} as const satisfies Record<string, Group>

export type Route = keyof typeof routes

/** What came of an order: 201, 202, 409, anything else. */
export const outcomes = ['created', 'pending', 'refused', 'failed'] as const

export type Outcome = (typeof outcomes)[number]

import type { IncomingHttpHeaders } from 'node:http'

/** Whose an order is, or who asks for it: `sub` of a verified token; null where nobody has signed in. */
export type Customer = string | null

/**
 * The header by which the gateway tells the order service who asks. What a stranger writes into it goes no further than the gateway
 * (docs/adr/0017-customers.md).
 */
export const customerHeader = 'x-customer'

/** Who asks, as the gateway says. */
export function customerOf({ headers }: { headers: IncomingHttpHeaders }): Customer {
  const customer = headers[customerHeader]
  return typeof customer === 'string' ? customer : null
}

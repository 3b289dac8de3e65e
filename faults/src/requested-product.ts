import type { FastifyRequest } from 'fastify'

/** The product that a request to the product service is about; undefined where it is about none or all. */
export const requestedProduct = ({ params }: FastifyRequest): string | undefined =>
  (params as { id?: string } | undefined)?.id

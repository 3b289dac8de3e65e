import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'

/** `?limit=` and `?after=` of every list. A cursor is a position in hexadecimal digits, as many as fit a PostgreSQL bigint. */
export const PageQuery = Type.Object({
  limit: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 100,
    description: 'most entries of a page, in decimal digits',
  }),
  after: Type.Optional(
    Type.String({ pattern: '^[0-9a-f]{1,15}$', description: 'opaque; from the Link of the page before' }),
  ),
})

/** @param position of the last row of the page before */
export const encodeCursor = (position: string) => BigInt(position).toString(16)

/**
 * Where a page starts: the row after which to go on, or undefined for the first page. Rows are numbered by an identity
 * column, so a page costs the same wherever it is.
 */
export function decodeCursor({ after }: Static<typeof PageQuery>): string | undefined {
  return after === undefined ? undefined : BigInt(`0x${after}`).toString()
}

/**
 * Cuts the rows to the page and sets `Link` when there is more.
 *
 * @param rows at most `limit + 1` rows, so that the last tells whether there is more
 */
export function page<Row extends { position: string }>(
  request: FastifyRequest,
  reply: FastifyReply,
  { limit }: Static<typeof PageQuery>,
  rows: Row[],
): Row[] {
  if (rows.length <= limit) return rows
  const shown = rows.slice(0, limit)
  const after = encodeCursor(shown[limit - 1]!.position)
  reply.header('link', `<${request.url.split('?', 1)[0]}?limit=${limit}&after=${after}>; rel="next"`)
  return shown
}

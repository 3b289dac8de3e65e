import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { defineProblem } from './problem.ts'

/** `?limit=` and `?after=` of every list. */
export const PageQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 100, description: 'most entries of a page' }),
  after: Type.Optional(
    Type.String({
      maxLength: 32,
      pattern: '^[A-Za-z0-9_-]*$',
      description: 'opaque; from the Link of the page before',
    }),
  ),
})

const invalidCursor = defineProblem('invalid-cursor', { status: 400, title: 'Invalid cursor' })

/**
 * Where a page starts: the row after which to go on, or undefined for the first page. Rows are numbered by an identity
 * column, so a page costs the same wherever it is.
 *
 * @throws Problem 400 when `after` is not one of ours.
 */
export function decodeCursor({ after }: Static<typeof PageQuery>): string | undefined {
  if (after === undefined) return undefined
  const position = Buffer.from(after, 'base64url').toString()
  if (!/^\d{1,18}$/.test(position)) {
    throw invalidCursor('"after" is not a cursor of this list; take it from the Link header of the page before.')
  }
  return position
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
  const after = Buffer.from(shown[limit - 1]!.position).toString('base64url')
  reply.header('link', `<${request.url.split('?', 1)[0]}?limit=${limit}&after=${after}>; rel="next"`)
  return shown
}

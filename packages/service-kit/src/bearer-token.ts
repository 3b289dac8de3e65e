import { createHash, timingSafeEqual } from 'node:crypto'
import fastifyPlugin from 'fastify-plugin'
import { tokenMissing } from './problems.ts'

const digest = (text: string) => createHash('sha256').update(text).digest()

export interface BearerTokenOptions {
  token: string
  /** Where the token stands, for whoever is refused: the name of a setting. */
  setting: string
}

/** Lets only those in who know the token, before their body is read. Digests are compared: they are of one length, whatever was sent. */
export const bearerTokenPlugin = fastifyPlugin<BearerTokenOptions>(
  async (app, { token, setting }) => {
    const expected = digest(`Bearer ${token}`)
    app.addHook('onRequest', (request, _reply, done) => {
      const known = timingSafeEqual(digest(request.headers.authorization ?? ''), expected)
      done(
        known
          ? undefined
          : tokenMissing(
              `Send the token of ${setting} as Authorization: Bearer.`,
              {},
              { 'www-authenticate': 'Bearer' },
            ),
      )
    })
  },
  { name: 'bearer-token' },
)

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { bearerTokenPlugin } from '@hello/service-kit/bearer-token'
import { problems } from '@hello/service-kit/problem'
import { Type } from 'typebox'

/** What is read of https://prometheus.io/docs/alerting/latest/configuration/#webhook_config; a later version may add to it. */
const Notification = Type.Object({
  version: Type.Literal('4'),
  status: Type.Enum(['firing', 'resolved']),
  alerts: Type.Array(
    Type.Object({
      status: Type.Enum(['firing', 'resolved']),
      fingerprint: Type.String({ pattern: '^[0-9a-f]{16}$', description: '16 hexadecimal digits' }),
      labels: Type.Record(Type.String(), Type.String()),
    }),
    { maxItems: 1000 },
  ),
})

/** Where Alertmanager tells of alerts. */
export const alertRoutes: FastifyPluginAsyncTypebox<{ token: string }> = async (app, { token }) => {
  await app.register(bearerTokenPlugin, { token, setting: 'WEBHOOK_TOKEN' })

  app.post(
    '/alerts',
    {
      schema: {
        summary: 'Hear of alerts, as a webhook of Alertmanager',
        description: 'What is done is decided by what Alertmanager says when it is asked, not by this body.',
        body: Notification,
        response: {
          202: Type.Object({ heard: Type.Integer({ description: 'alerts that fire' }) }),
          ...problems({ 401: 'The token is missing or wrong' }),
        },
      },
    },
    async ({ body }, reply) => {
      const firing = body.alerts.filter(({ status }) => status === 'firing')
      app.healer.hear(firing.map(({ fingerprint }) => fingerprint))
      return reply.code(202).send({ heard: firing.length })
    },
  )
}

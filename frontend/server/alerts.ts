import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problems } from '@hello/service-kit/problem'
import { rateLimitPlugin } from '@hello/service-kit/rate-limit'
import { type Alert, AlertList, NewSilence, Silence } from '@hello/shop/api/alert'
import { Type } from 'typebox'
import { openAlertmanager } from './alertmanager.ts'
import { toAlert, toSilence } from './alertmanager-answers.ts'
import { alertNotFound } from './problems.ts'
import { sameOriginPlugin } from './same-origin.ts'

/** Most alerts of an answer. */
const maxAlerts = 200

/** Requests of one client address in a second: an open page makes one, an office shares an address. */
const perSecond = { reads: 50, writes: 5 }

const upstreamProblems = {
  429: 'This address asks too often',
  502: 'Alertmanager answered what cannot be read',
  503: 'Alertmanager is away',
  504: 'Alertmanager did not answer in time',
}

const firing = ({ state }: Alert) => Number(state === 'firing')

const SilenceParams = Type.Object({ id: Type.String({ format: 'uuid' }) })

interface AlertsOptions {
  /** Base URL of Alertmanager. */
  url: string
  /** Whether whoever reaches the page may make and end silences. */
  maySilence: boolean
  /** Milliseconds until Alertmanager has answered; by default less than the browser's own patience. */
  timeout?: number
}

/** What fires, and the silences, of Alertmanager. Looking makes no signals; making and ending a silence does. */
export const alertsRoutes: FastifyPluginAsyncTypebox<AlertsOptions> = async (app, options) => {
  const { url, maySilence, timeout = 5000 } = options
  const alertmanager = openAlertmanager({ url, timeout, observer: app.upstreamObserver })
  app.addHook('onClose', () => alertmanager.close())

  const reads: FastifyPluginAsyncTypebox = async (app) => {
    await app.register(rateLimitPlugin, { perSecond: perSecond.reads })
    app.get(
      '/alerts/api/alerts',
      {
        config: { observe: false },
        schema: { summary: 'List what fires', response: { 200: AlertList, ...problems(upstreamProblems) } },
      },
      async () => {
        const alerts = (await alertmanager.alerts())
          .map(toAlert)
          .sort((one, other) => firing(other) - firing(one) || Date.parse(other.since) - Date.parse(one.since))
        return { alerts: alerts.slice(0, maxAlerts), matched: alerts.length }
      },
    )

    app.get(
      '/alerts/api/silences',
      {
        config: { observe: false },
        schema: {
          summary: 'List the silences that hold now or are to begin',
          response: { 200: Type.Array(Silence), ...problems(upstreamProblems) },
        },
      },
      async () => (await alertmanager.silences()).map(toSilence),
    )
  }

  const writes: FastifyPluginAsyncTypebox = async (app) => {
    await app.register(rateLimitPlugin, { perSecond: perSecond.writes })
    // Whoever reaches the page may write, so a page of another origin must not do it in their name.
    await app.register(sameOriginPlugin, { advice: 'Silences are made and ended on the shop’s own page.' })

    app.post(
      '/alerts/api/silences',
      {
        schema: {
          summary: 'Silence one alert',
          body: NewSilence,
          response: {
            201: Type.Object({ id: Type.String() }),
            ...problems({
              ...upstreamProblems,
              403: 'A page of another origin asks',
              404: 'The alert does not fire any more',
              422: 'Alertmanager refuses it',
            }),
          },
        },
      },
      async ({ body: { alert, ...wanted }, log }, reply) => {
        const found = (await alertmanager.alerts()).find(({ fingerprint }) => fingerprint === alert)
        if (!found) throw alertNotFound('The alert does not fire any more; there is nothing to silence.')
        const id = await alertmanager.silence({ ...wanted, labels: found.labels })
        log.info({ alert: found.labels.alertname, silence_id: id, minutes: wanted.minutes }, 'alert silenced')
        return reply.code(201).header('location', `/alerts/api/silences/${id}`).send({ id })
      },
    )

    app.delete(
      '/alerts/api/silences/:id',
      {
        schema: {
          summary: 'End a silence',
          params: SilenceParams,
          response: {
            204: Type.Null(),
            ...problems({ ...upstreamProblems, 403: 'A page of another origin asks', 404: 'There is no such silence' }),
          },
        },
      },
      async ({ params: { id }, log }, reply) => {
        await alertmanager.endSilence(id)
        log.info({ silence_id: id }, 'silence ended')
        return reply.code(204).send(null)
      },
    )
  }

  await app.register(reads)
  if (maySilence) await app.register(writes)
}

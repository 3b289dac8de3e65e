import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { allFaults } from '@hello/faults/all-faults'
import { activeFaults, type FlagStore } from '@hello/faults/flag-store'
import { flagsInFile } from '@hello/faults/flags-file'
import { problems } from '@hello/service-kit/problem'
import { rateLimitPlugin } from '@hello/service-kit/rate-limit'
import { Fault, FaultSetting } from '@hello/shop/api/fault'
import { Type } from 'typebox'
import { openKeptFaults } from './kept-faults.ts'
import { faultNotFound } from './problems.ts'
import { sameOriginPlugin } from './same-origin.ts'

/** Requests of one client address in a second: an open page reads once in two. */
const perSecond = { reads: 50, writes: 5 }

/** Most bytes of a body, which has two numbers. */
const bodyLimit = 1024

const FaultParams = Type.Object({ name: Type.String() })

function faultNamed(name: string) {
  const fault = allFaults.find((one) => one.name === name)
  if (!fault) throw faultNotFound('There is no such fault; GET /faults/api/faults lists them.')
  return fault
}

async function listFaults(store: FlagStore): Promise<Fault[]> {
  const active = await activeFaults(store)
  return allFaults.map(({ services, fires, evidence, hints, mayFire, only, ...fault }) => {
    const on = active.find(({ name }) => name === fault.name)
    return {
      ...fault,
      ...{ services: [...services], evidence: [...evidence], hints: [...hints] },
      fires: fires.map(({ alert }) => alert),
      on: on
        ? { ratio: on.ratio, since: new Date(on.since).toISOString(), until: new Date(on.end).toISOString() }
        : null,
    }
  })
}

/** The faults, and which are on. Looking makes no signals; setting and healing does. A fault that is set here ends with the server. */
export const faultsRoutes: FastifyPluginAsyncTypebox<{ file: string }> = async (app, { file }) => {
  const store = flagsInFile(file)
  const kept = openKeptFaults(store, app.log)
  app.addHook('preClose', () => kept.close())

  const reads: FastifyPluginAsyncTypebox = async (app) => {
    await app.register(rateLimitPlugin, { perSecond: perSecond.reads })
    app.get(
      '/faults/api/faults',
      {
        config: { observe: false },
        schema: {
          summary: 'List the faults, and which are on',
          response: { 200: Type.Array(Fault), ...problems({ 429: 'This address asks too often' }) },
        },
      },
      () => listFaults(store),
    )
  }

  const writes: FastifyPluginAsyncTypebox = async (app) => {
    await app.register(rateLimitPlugin, { perSecond: perSecond.writes })
    await app.register(sameOriginPlugin, { advice: 'Faults are set and healed on the shop’s own page.' })
    const refusals = problems({ 403: 'A page of another origin asks', 429: 'This address asks too often' })

    app.put(
      '/faults/api/faults/:name',
      {
        bodyLimit,
        schema: {
          summary: 'Set a fault, for a time',
          params: FaultParams,
          body: FaultSetting,
          response: { 204: Type.Null(), ...refusals },
        },
      },
      async ({ params, body: { ratio, seconds }, log }, reply) => {
        const fault = faultNamed(params.name)
        await kept.set(fault, { ratio, forMs: seconds * 1000 })
        log.warn({ fault: fault.name, ratio, seconds }, 'fault set')
        return reply.code(204).send(null)
      },
    )

    app.delete(
      '/faults/api/faults/:name',
      {
        schema: { summary: 'Heal a fault', params: FaultParams, response: { 204: Type.Null(), ...refusals } },
      },
      async ({ params, log }, reply) => {
        const { name } = faultNamed(params.name)
        await kept.heal([name])
        log.info({ fault: name }, 'fault healed')
        return reply.code(204).send(null)
      },
    )

    app.delete(
      '/faults/api/faults',
      { schema: { summary: 'Heal every fault', response: { 204: Type.Null(), ...refusals } } },
      async ({ log }, reply) => {
        for (const fault of await kept.heal()) log.info({ fault }, 'fault healed')
        return reply.code(204).send(null)
      },
    )
  }

  await app.register(reads)
  await app.register(writes)
}

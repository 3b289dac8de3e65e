import { after } from 'node:test'
import { createApp } from '@hello/service-kit/app'
import type { ServiceName } from '@hello/shop/services'
import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import { faultsPlugin } from '../src/plugin.ts'
import { flagsFile as file } from './flagged.ts'

/**
 * What every service is made of, under the name of one of them and with its faults, for a file of tests.
 *
 * @param addRoutes what it answers
 */
export async function startFaultyApp(service: ServiceName, addRoutes: (app: FastifyInstance) => void = () => {}) {
  const app = await createApp({ name: service, logLevel: 'silent' })
  // Never asked, for no fault of these tests is about a database.
  app.decorate('database', new pg.Pool())
  await app.register(faultsPlugin, { service, file })
  addRoutes(app)
  await app.ready()
  after(() => app.close())
  return {
    app,
    /** The sum over the series of a metric whose labels match, 0 where there is none. */
    async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
      const { values } = (await app.metrics.client.register.getSingleMetric(name)?.get()) ?? { values: [] }
      return values
        .filter((series) => Object.entries(labels).every(([label, value]) => String(series.labels[label]) === value))
        .reduce((sum, { value }) => sum + value, 0)
    },
  }
}

import { setTimeout as delay } from 'node:timers/promises'
import fastifyPlugin from 'fastify-plugin'
import type { Pool } from 'pg'
import { openPool } from './database.ts'

declare module 'fastify' {
  interface FastifyInstance {
    databaseSamples: DatabaseSamples
  }
}

/** A gauge, whatever its labels. */
interface Forgettable {
  reset(): void
  remove(labels: Record<string, never>): void
}

export interface Sample {
  /** Label `sample` of the metrics about it. */
  name: string
  /** What `take` sets: without a value until the first success, and again when the last one is older than three intervals. */
  gauges: Forgettable[]
  /** Milliseconds from the end of one to the start of the next; 5,000 unless given. */
  interval?: number
  /** Reads the database and sets the gauges. */
  take(database: Pool): Promise<void>
}

export interface DatabaseSamples {
  /** Takes a sample over and over from when the app is ready until it closes. */
  add(sample: Sample): void
}

export interface DatabaseSamplesOptions {
  /** postgres:// URL; never logged. */
  url: string
  applicationName: string
}

const defaultInterval = 5000
const staleAfterIntervals = 3
const statementTimeout = 2000
/** Long enough to outlast one statement of another sample. */
const connectTimeout = statementTimeout + 1000

/**
 * Gauges that only the database can tell, read in the background on one connection of their own: no scrape waits for the
 * database, and no sample for a request. One of a kind is under way at a time, however long the database hangs.
 */
export const databaseSamplesPlugin = fastifyPlugin<DatabaseSamplesOptions>(
  async (app, { url, applicationName }) => {
    const { client } = app.metrics
    const registers = [client.register]
    const pool = openPool(app, { url, applicationName, size: 1, connectTimeout, statementTimeout })
    const closing = new AbortController()
    const samples: Sample[] = []
    let running: Promise<void>[] = []
    const takenAt = new Map<string, number>()

    const failed = new client.Counter({
      name: 'database_samples_failed_total',
      help: 'Samples of the database that failed or took too long',
      labelNames: ['sample'],
      registers,
    })
    new client.Gauge({
      name: 'database_sample_age_seconds',
      help: 'Time since the last successful sample of the database, or since the start where there was none',
      labelNames: ['sample'],
      registers,
      collect() {
        for (const [sample, at] of takenAt) this.set({ sample }, (performance.now() - at) / 1000)
      },
    })

    function forget(gauges: Forgettable[]) {
      for (const gauge of gauges) {
        gauge.reset()
        gauge.remove({}) // the 0 that a gauge without labels has from the start
      }
    }

    async function repeat({ name, gauges, take, interval = defaultInterval }: Sample) {
      const expiry = setTimeout(forget, staleAfterIntervals * interval, gauges).unref()
      let failing = false
      while (!closing.signal.aborted) {
        const began = performance.now()
        try {
          await take(pool)
          takenAt.set(name, began)
          expiry.refresh()
          failing = false
        } catch (error) {
          failed.inc({ sample: name })
          if (!failing) app.log.warn({ sample: name, err: error }, 'the database could not be sampled; trying again')
          failing = true
        }
        await delay(interval, undefined, { signal: closing.signal }).catch(() => {})
      }
      clearTimeout(expiry)
    }

    app.decorate('databaseSamples', {
      add(sample) {
        forget(sample.gauges)
        failed.inc({ sample: sample.name }, 0)
        takenAt.set(sample.name, performance.now())
        samples.push(sample)
      },
    })
    app.addHook('onReady', async () => {
      running = samples.map(repeat)
    })
    app.addHook('onClose', async () => {
      closing.abort()
      await Promise.all(running)
    })
  },
  { name: 'database-samples', dependencies: ['metrics'] },
)

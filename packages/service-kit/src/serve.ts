import { setTimeout as delay } from 'node:timers/promises'
import { shuttingDown } from '@hello/telemetry/request-end'
import { shutdownTelemetry } from '@hello/telemetry/shutdown'
import closeWithGrace from 'close-with-grace'
import type { App } from './app.ts'
import { isLoopback, loopbackHosts } from './host.ts'
import { createManagement } from './management.ts'
import { watchConnections } from './open-connections.ts'

export interface ServeOptions {
  HOST: string
  PORT: number
  MANAGEMENT_PORT: number
  /** Milliseconds without a new connection, after "not ready", that close the listener; four times as many close it anyway. */
  SHUTDOWN_DELAY_MS: number
}

/** How many times `SHUTDOWN_DELAY_MS` whoever still connects is served; charts/service allows as much. */
const delays = 4

/** Time in which a client that has just connected sends its request, in milliseconds. */
const firstBytesTimeout = 500

/** Time in which the requests under way are answered, in milliseconds; longer than any that is answered takes. */
const drainTimeout = 15_000

/** What the app's plugins may take to close what they opened, in milliseconds, before telemetry is flushed all the same. */
const closeTimeout = 2000

const late = Symbol('late')

/** All of it, with the flush's five seconds; charts/service allows 25 (`shutdown.drainSeconds`). */
const shutdownTimeout = 23_000
/**
 * Connections that wait while the event loop is busy: as many as Linux allows (net.core.somaxconn). Node's 511 fill up when a client
 * asks for much at once and goes away, and Linux lets who comes then wait for one, three and seven seconds.
 */
const backlog = 4096

/**
 * Listens, and shuts down on SIGTERM, SIGINT or an uncaught error: readiness turns false, whoever has not heard of it is served until
 * nobody connects any more (a fixed wait would guess how fast a cluster forgets a pod), the server drains, the app's plugins close what
 * they opened, telemetry flushes. A request that is not answered in time is cut off, and told of as `shutdown`. A second signal exits
 * at once.
 */
export async function serve(app: App, { HOST, PORT, MANAGEMENT_PORT, SHUTDOWN_DELAY_MS }: ServeOptions): Promise<void> {
  const management = createManagement(app, isLoopback(HOST) ? loopbackHosts : '*')
  const connections = watchConnections(app.server)
  closeWithGrace({ delay: delays * SHUTDOWN_DELAY_MS + shutdownTimeout, logger: app.log }, async ({ signal, err }) => {
    if (err) app.log.fatal({ err }, 'shutting down after an uncaught error')
    else app.log.info({ signal }, 'shutting down')
    app.readiness.drain()
    if (!err) await connections.untilQuiet(SHUTDOWN_DELAY_MS, delays * SHUTDOWN_DELAY_MS)
    const impatience = setTimeout(connections.endUnused, firstBytesTimeout)
    const closed = app.close()
    if ((await Promise.race([closed, delay(drainTimeout, late)])) === late) {
      app.log.warn('requests were not answered in time; their connections are closed')
      await connections.endAll(shuttingDown)
      await Promise.race([closed, delay(closeTimeout)])
    }
    clearTimeout(impatience)
    await management.close()
    await shutdownTelemetry()
  })
  await app.listen({ host: HOST, port: PORT, backlog })
  const address = await management.listen({ host: HOST, port: MANAGEMENT_PORT })
  app.log.info(`Management listening at ${address}`)
}

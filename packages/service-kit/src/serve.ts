import { setTimeout as delay } from 'node:timers/promises'
import { shutdownTelemetry } from '@hello/telemetry/shutdown'
import closeWithGrace from 'close-with-grace'
import type { App } from './app.ts'
import { isLoopback, loopbackHosts } from './host.ts'
import { createManagement } from './management.ts'
import { watchUnusedConnections } from './unused-connections.ts'

export interface ServeOptions {
  HOST: string
  PORT: number
  MANAGEMENT_PORT: number
  /** Milliseconds between "not ready" and closing the listener. */
  SHUTDOWN_DELAY_MS: number
}

/** Time in which a client that has just connected sends its request, in milliseconds. */
const firstBytesTimeout = 500

/** In charts/service the grace period is this plus the delay plus a margin. */
const drainTimeout = 15_000

/**
 * Listens, and shuts down on SIGTERM, SIGINT or an uncaught error: readiness turns false, a probe period passes, the server
 * drains, the app's plugins close what they opened, telemetry flushes. A second signal exits at once.
 */
export async function serve(app: App, { HOST, PORT, MANAGEMENT_PORT, SHUTDOWN_DELAY_MS }: ServeOptions): Promise<void> {
  const management = createManagement(app, isLoopback(HOST) ? loopbackHosts : '*')
  const endUnusedConnections = watchUnusedConnections(app.server)
  closeWithGrace({ delay: SHUTDOWN_DELAY_MS + drainTimeout, logger: app.log }, async ({ signal, err }) => {
    if (err) app.log.fatal({ err }, 'shutting down after an uncaught error')
    else app.log.info({ signal }, 'shutting down')
    app.readiness.drain()
    if (!err) await delay(SHUTDOWN_DELAY_MS)
    const impatience = setTimeout(endUnusedConnections, firstBytesTimeout)
    await app.close()
    clearTimeout(impatience)
    await management.close()
    await shutdownTelemetry()
  })
  await app.listen({ host: HOST, port: PORT })
  const address = await management.listen({ host: HOST, port: MANAGEMENT_PORT })
  app.log.info(`Management listening at ${address}`)
}

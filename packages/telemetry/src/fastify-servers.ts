import type { EventEmitter } from 'node:events'
import { isWrapped } from '@opentelemetry/instrumentation'
import type { FastifyInstance } from 'fastify'

const routings = new WeakSet<object>()

function release(server: EventEmitter) {
  const emit: unknown = server.emit
  if (isWrapped(emit)) server.emit = emit.__original as EventEmitter['emit']
}

/** For a server that begins to listen. */
export function onListen({ server }: { server: EventEmitter }) {
  if (server.listeners('request').some((listener) => routings.has(listener))) release(server)
}

/**
 * Takes the app's servers back from instrumentation-http, which wraps `emit` of all servers: their SERVER spans are made in the
 * app's own hooks. An app on `localhost` makes a server for each of its addresses, of which it shows one; the others are known
 * by their listener once they listen.
 */
export function releaseServers(app: FastifyInstance) {
  routings.add(app.routing)
  release(app.server)
}

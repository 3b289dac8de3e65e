import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'

/** Exposes a connection pool by the OpenTelemetry names for database clients. */
export function measurePool(app: FastifyInstance, pool: Pool, name: string) {
  const { client } = app.metrics
  new client.Gauge({
    name: 'db_client_connection_count',
    help: 'Connections of the pool that are used or idle',
    labelNames: ['db_client_connection_pool_name', 'state'],
    registers: [client.register],
    collect() {
      this.set({ db_client_connection_pool_name: name, state: 'idle' }, pool.idleCount)
      this.set({ db_client_connection_pool_name: name, state: 'used' }, pool.totalCount - pool.idleCount)
    },
  })
  new client.Gauge({
    name: 'db_client_connection_max',
    help: 'Most connections that the pool may open',
    labelNames: ['db_client_connection_pool_name'],
    registers: [client.register],
  }).set({ db_client_connection_pool_name: name }, pool.options.max)
  new client.Gauge({
    name: 'db_client_connection_pending_requests',
    help: 'Statements that wait for a connection of the pool',
    labelNames: ['db_client_connection_pool_name'],
    registers: [client.register],
    collect() {
      this.set({ db_client_connection_pool_name: name }, pool.waitingCount)
    },
  })
}

import type { StackProgram, StackSurroundings } from './stack-program.ts'

/**
 * PostgreSQL's exporter with the collectors of charts/postgres.
 *
 * @param databaseUrl of any database of the server
 */
export function postgresExporter({ stack }: StackSurroundings, databaseUrl: string): StackProgram {
  const address = `127.0.0.1:${stack.ports.postgres_exporter.http}`
  return {
    args: [`--web.listen-address=${address}`, '--collector.stat_checkpointer', '--log.level=warn'],
    env: { DATA_SOURCE_NAME: `${databaseUrl}?sslmode=disable` },
    readyUrl: `http://${address}/`,
  }
}

export function nodeExporter({ stack }: StackSurroundings): StackProgram {
  const address = `127.0.0.1:${stack.ports.node_exporter.http}`
  return { args: [`--web.listen-address=${address}`, '--log.level=warn'], readyUrl: `http://${address}/` }
}

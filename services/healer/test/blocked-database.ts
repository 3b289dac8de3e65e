import { randomUUID } from 'node:crypto'
import { eventually } from '@hello/test-support/eventually'
import pg from 'pg'

/** URL of the same database for a role that owns nothing and is a member of others. */
export async function roleUrl(url: string, memberOf: string): Promise<string> {
  const role = `healer_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD '${role}' IN ROLE ${memberOf}`)
  await admin.end()
  return url.replace(/\/\/[^@]+@/, `//${role}:${role}@`)
}

/** A database as its owner sees it: pg_signal_backend may not end a superuser's session. */
async function ownerUrl(admin: pg.Client, url: string): Promise<string> {
  await admin.query(
    `DO $$ BEGIN CREATE ROLE shop LOGIN PASSWORD 'shop'; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
  )
  await admin.query('CREATE TABLE IF NOT EXISTS rows (id int); TRUNCATE rows; INSERT INTO rows VALUES (1)')
  await admin.query('ALTER TABLE rows OWNER TO shop')
  return url.replace(/\/\/[^@]+@/, '//shop:shop@')
}

/** A transaction that holds a lock and does nothing, and two statements that wait for it. */
export async function blockedDatabase(url: string, applicationName = 'holder') {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  const connectionString = await ownerUrl(admin, url)
  const connect = async (application_name: string) => {
    const client = new pg.Client({ connectionString, application_name })
    const lost = new Promise<Error>((resolve) => client.once('error', resolve))
    client.on('error', () => {})
    await client.connect()
    return { client, lost }
  }
  const holder = await connect(applicationName)
  const waiters = [await connect('waiter'), await connect('waiter')]
  await holder.client.query('BEGIN')
  await holder.client.query('UPDATE rows SET id = id')
  const waiting = waiters.map(({ client }) => client.query('UPDATE rows SET id = id'))
  for (const one of waiting) one.catch(() => {})
  await eventually(async () => {
    const { rows } = await admin.query(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return rows[0].waiting === 2
  })
  return {
    holder,
    waiting,
    /** Closes what is still open. */
    free: async () =>
      void (await Promise.all([holder, ...waiters, { client: admin }].map(({ client }) => client.end()))),
  }
}

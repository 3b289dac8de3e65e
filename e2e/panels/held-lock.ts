import pg from 'pg'

/** Holds a table in a transaction that does nothing more, while a statement waits for the table. */
export async function holdLock(databaseUrl: string) {
  const holder = new pg.Client(databaseUrl)
  const waiter = new pg.Client(databaseUrl)
  await Promise.all([holder.connect(), waiter.connect()])
  await holder.query('CREATE TABLE held (id integer)')
  await holder.query('BEGIN')
  await holder.query('LOCK TABLE held')
  const waiting = waiter.query('SELECT FROM held')
  return {
    async release() {
      await holder.query('ROLLBACK')
      await waiting
      await holder.query('DROP TABLE held')
      await Promise.all([holder.end(), waiter.end()])
    },
  }
}

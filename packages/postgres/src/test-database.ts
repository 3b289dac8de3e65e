import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { type Postgres, removePostgresData, startPostgres } from './server.ts'

const dataDir = join(tmpdir(), `hello-test-${randomUUID()}`)
let server: Promise<Postgres> | undefined

/**
 * A new, empty database for a test, on a server that the tests of this file share and that ends with them.
 *
 * @returns its postgres:// URL
 */
export async function createTestDatabase(): Promise<string> {
  server ??= startPostgres({ dataDir, port: 0, durable: false })
  const postgres = await server
  const name = `test_${randomUUID().replaceAll('-', '_')}`
  await postgres.createDatabase(name)
  return postgres.url(name)
}

after(async () => {
  const postgres = await server?.catch(() => undefined)
  await postgres?.stop()
  await removePostgresData(dataDir)
})

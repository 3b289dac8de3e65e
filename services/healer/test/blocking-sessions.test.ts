import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { unusedUrl } from '@hello/service-kit/testing/http-server'
import { eventually } from '@hello/test-support/eventually'
import { buildApp } from '../src/app.ts'
import { sessionActions } from '../src/blocking-sessions.ts'
import { blockedDatabase, roleUrl } from './blocked-database.ts'
import { testConfig } from './healer-config.ts'

const url = await createTestDatabase()

describe('ending sessions that others wait for', () => {
  let app: Awaited<ReturnType<typeof buildApp>>
  type End = ReturnType<typeof sessionActions>['endBlockingSessions']
  let end: End
  let seeing: End
  before(async () => {
    app = await buildApp({ ...testConfig, ALERTMANAGER_URL: await unusedUrl(), GATEWAY_SERVICE_URL: await unusedUrl() })
    end = sessionActions(app, await roleUrl(url, 'pg_signal_backend, pg_monitor')).endBlockingSessions
    seeing = sessionActions(app, await roleUrl(url, 'pg_monitor')).endBlockingSessions
    await app.ready()
  })
  after(() => app.close())

  const name = () => new URL(url).pathname.slice(1)

  test('it ends the one at the head of the queue, as a role that owns nothing', async () => {
    const { holder, waiting, free } = await blockedDatabase(url)
    const step = await end(name(), 0)
    assert.match(
      step!.what,
      /^ends session \d+ of holder in the database test_\w+, idle in transaction for \d+ s, for which others wait$/,
    )
    await step!.take()
    assert.match((await holder.lost).message, /terminating connection/)
    await Promise.all(waiting)
    assert.equal(await end(name(), 0), undefined)
    await free()
  })

  test('it ends none that is younger, of another database, or for which nobody waits', async () => {
    const { waiting, holder, free } = await blockedDatabase(url)
    assert.equal(await end(name(), 60), undefined)
    assert.equal(await end('postgres', 0), undefined)
    await holder.client.query('ROLLBACK')
    await Promise.all(waiting)
    await holder.client.query('BEGIN')
    await holder.client.query('UPDATE rows SET id = id')
    assert.equal(await end(name(), 0), undefined)
    await free()
  })

  test('a session that has ended meanwhile is no failure, and another one keeps its place', async () => {
    const { holder, waiting, free } = await blockedDatabase(url)
    const step = await end(name(), 0)
    await holder.client.query('ROLLBACK')
    await Promise.all(waiting)
    await step!.take()
    await holder.client.query('SELECT 1')
    await free()
  })

  test('a backup is never ended', async () => {
    const { waiting, holder, free } = await blockedDatabase(url, 'pg_dump')
    assert.equal(await end(name(), 0), undefined)
    await holder.client.query('ROLLBACK')
    await Promise.all(waiting)
    await free()
  })

  test('a role that may not end sessions fails, and says so', async () => {
    const { waiting, holder, free } = await blockedDatabase(url)
    const step = await eventually(async () => (await seeing(name(), 0)) ?? false)
    await assert.rejects(step.take(), /permission denied/)
    await holder.client.query('ROLLBACK')
    await Promise.all(waiting)
    await free()
  })
})

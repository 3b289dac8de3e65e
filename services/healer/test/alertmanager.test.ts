import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createTestDatabase } from '@hello/postgres/test-database'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import { noAlertmanager, runAlertmanager } from '@hello/test-support/alertmanager-process'
import { eventually } from '@hello/test-support/eventually'
import { buildApp } from '../src/app.ts'
import { blockedDatabase, roleUrl } from './blocked-database.ts'
import { testConfig, token } from './healer-config.ts'

const url = await createTestDatabase()
const database = new URL(url).pathname.slice(1)
const gateway = await startServer((_, response) => json(response, 201, {}))

/** A port that is free until the healer listens on it: Alertmanager has to be told first. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('an alert at a real Alertmanager, of a real PostgreSQL', { skip: noAlertmanager }, () => {
  let alertmanager: Awaited<ReturnType<typeof runAlertmanager>>
  let app: Awaited<ReturnType<typeof buildApp>>

  async function start(own: { dryRun: boolean }) {
    const port = await freePort()
    alertmanager = await runAlertmanager({
      route: { receiver: 'healer', group_by: ['...'], group_wait: '0s', group_interval: '1s', repeat_interval: '1m' },
      receivers: [
        {
          name: 'healer',
          webhook_configs: [
            {
              url: `http://127.0.0.1:${port}/alerts`,
              http_config: { authorization: { credentials: token } },
            },
          ],
        },
      ],
    })
    app = await buildApp(
      {
        ...{
          ...testConfig,
          HEALER_DRY_RUN: own.dryRun,
          ALERTMANAGER_URL: alertmanager.address,
          ALLOWED_HOSTS: '127.0.0.1',
        },
        ...{ GATEWAY_SERVICE_URL: gateway.url, DATABASE_URL: await roleUrl(url, 'pg_signal_backend, pg_monitor') },
      },
      { policy: { silence: 0 } },
    )
    await app.listen({ host: '127.0.0.1', port })
  }
  async function stop() {
    await app.close()
    await alertmanager.end()
  }
  after(stop)
  before(() => start({ dryRun: false }))

  const post = async (own: object = {}) => {
    const labels = { alertname: 'ShopDatabaseLockWaits', namespace: 'shop', app: 'postgres', datname: database }
    const answer = await fetch(`${alertmanager.address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels, annotations: {}, ...own }]),
    })
    assert.equal(answer.status, 200)
  }
  /** What the healer counts. */
  const metrics = async () =>
    (await app.metrics.client.register.metrics())
      .split('\n')
      .filter((line) => line.startsWith('shop_healer_'))
      .join('\n')

  test('the session that holds others up is ended, and it is healed when the alert has ended', async () => {
    const { holder, waiting, free } = await blockedDatabase(url)
    // The transaction has to be as old as the list says.
    const acted = /^shop_healer_actions_total\{action="end-blocking-sessions",outcome="done"\} 1\b/m
    await post()
    await eventually(async () => assert.match(await metrics(), acted))
    await holder.lost
    await Promise.all(waiting)
    assert.doesNotMatch(await metrics(), /^shop_healer_healed_total 1$/m)
    await post({ endsAt: new Date().toISOString() })
    await eventually(async () => assert.match(await metrics(), /^shop_healer_healed_total 1$/m))
    assert.equal(gateway.seen.length, 1)
    await free()
  })

  test('off, it stays broken', async () => {
    await stop()
    await start({ dryRun: true })
    const { holder, waiting, free } = await blockedDatabase(url)
    await post()
    const said = /^shop_healer_actions_total\{action="end-blocking-sessions",outcome="dry-run"\} 1\b/m
    await eventually(async () => assert.match(await metrics(), said))
    await holder.client.query('ROLLBACK')
    await Promise.all(waiting)
    await free()
  })
})

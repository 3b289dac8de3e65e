import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startShop } from '@hello/local/shop/start-shop'
import { ownNames } from '@hello/monitoring/names'
import { panelQueries } from '@hello/monitoring/panel-queries'
import { eventually } from '@hello/test-support/eventually'
import { resultsOf } from '../lib/panel-results.ts'
import { shopClient } from '../lib/shop-client.ts'
import { runbookQueries } from './document-queries.ts'
import { emptyWhenWell, healerStates, stateOf } from './filled-by.ts'

const needed = ['prometheus', 'alertmanager']
const patience = { seconds: 300, everyMs: 1000 }

for (const dryRun of [false, true])
  describe(dryRun ? 'a healer that only says what it would do' : 'a healer that acts', () => {
    const lines: string[] = []
    let shop: Awaited<ReturnType<typeof startShop>>
    let skip = false
    before(async () => {
      shop = await startShop({
        ...{ stack: true, healer: true, durable: false, timeScale: 2 },
        env: { HEALER_DRY_RUN: String(dryRun) },
        onLine: (name, line) => void (name === 'healer' && lines.push(line)),
      })
      skip = needed.some((name) => shop.stackMissing.includes(name))
      if (!skip) await shop.ready()
    })
    after(() => shop.stop())

    const said = (msg: string) => lines.map((line) => JSON.parse(line)).filter((line) => line.msg === msg)
    const inventory = () => shop.processes().find(({ name }) => name === 'inventory')!
    const orders = async () => (await shopClient(shop.urls.gateway).order('product1', 1)).status

    test('a service that hangs', async (t) => {
      if (skip) return t.skip(`${needed} are not all here`)
      assert.equal(await orders(), 201)
      const hanging = inventory()
      hanging.kill('SIGSTOP')
      const [action] = await eventually(() => {
        const actions = said('healing action')
        return actions.length > 0 && actions
      }, patience)
      assert.equal(action.alert, 'ShopServiceDown')
      assert.equal(action.action, 'restart')
      assert.equal(action.what, 'restarts the process inventory')
      assert.equal(action.outcome, dryRun ? 'dry-run' : 'done')
      assert.match(action.trace_id ?? '', /^([0-9a-f]{32})?$/)
      t.diagnostic(`acted ${action.after_s} s after the alert began`)
      if (dryRun) {
        assert.equal(inventory().pid, hanging.pid)
        assert.notEqual(await orders(), 201)
        hanging.kill('SIGCONT')
        return
      }
      assert.notEqual(inventory().pid, hanging.pid)
      await eventually(async () => assert.equal(await orders(), 201), patience)
      await eventually(() => said('healed').length > 0, patience)
      assert.equal(said('healing action').length, 1)
    })

    test('is seen on the dashboards and in the runbook', async (t) => {
      if (skip || dryRun) return t.skip('nothing was done')
      const backends = { prometheus: shop.stackUrls.prometheus!, loki: '', jaeger: '' }
      for (const query of panelQueries(ownNames).filter(({ filledBy }) => healerStates.has(filledBy)))
        await eventually(async () => assert.ok((await resultsOf(query, backends)).length > 0, query.query), patience)
      for (const query of runbookQueries().filter((one) => healerStates.has(stateOf(one)) && !emptyWhenWell(one)))
        await eventually(async () => assert.ok((await resultsOf(query, backends)).length > 0, query.query), patience)
    })
  })

import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { allFaults } from '@hello/faults/all-faults'
import { activeFaults } from '@hello/faults/flag-store'
import { eventually } from '@hello/test-support/eventually'
import { allowedFor } from '../../services/healer/src/allow-list.ts'
import { shopClient } from '../lib/shop-client.ts'
import { missingPrograms } from '../panels/programs.ts'
import { firingAlerts } from './alerts.ts'
import { openLaboratory } from './laboratory.ts'
import { whileBroken } from './while-broken.ts'

const skip = missingPrograms()
const timeScale = 10

/** Faults whose alert the healer may act on; it leaves the others to people. */
const healable = allFaults.filter(({ fires: [first] }) => first && allowedFor(first.alert))
const faultNamed = (wanted: string) => allFaults.find(({ name }) => name === wanted)!

interface Line {
  msg: string
  alert: string
  action: string
  outcome: string
  what: string
  after_s: number
}

/** A shop of its own with a healer, so that no cooldown of one test is waited for in another. */
async function openWithHealer(t: TestContext, env: Record<string, string> = {}) {
  const lines: string[] = []
  const laboratory = await openLaboratory(timeScale, {
    healer: true,
    env: { HEALER_DRY_RUN: 'false', ...env },
    onLine: (name, line) => void (name === 'healer' && lines.push(line)),
  })
  t.after(laboratory.close)
  const { shop, scene } = laboratory
  const { order } = shopClient(shop.urls.gateway)
  const actions = (): Line[] => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'healing action')
  return {
    ...laboratory,
    actions,
    untilActed: () => eventually(() => actions().length > 0 && actions(), scene.patience),
    sells: async () => (await order('product1', 1)).status === 201,
  }
}

describe('the healer, on a shop that people use', { skip, concurrency: 3 }, () => {
  for (const fault of healable)
    test(`switches ${fault.name} off, by one action`, async (t) => {
      const { actions, sells, scene, whileUsed } = await openWithHealer(t)
      const { orders } = await whileUsed(async () => {
        const tooLong = () => delay(scene.patience.seconds! * 1000, undefined, { ref: false })
        assert.equal(await whileBroken(scene.faults, fault, tooLong), 'healed')
        await eventually(sells, scene.patience)
        await delay(scene.watchFor)
      })
      assert.deepEqual(
        actions().map(({ action, outcome, what }) => ({ action, outcome, what })),
        [{ action: 'flags-off', outcome: 'done', what: `switches off the fault flags ${fault.name}` }],
      )
      const [{ alert, after_s }] = actions() as [Line]
      t.diagnostic(`${fault.name}: acted ${after_s} s after ${alert} began; ${orders} orders, none lost`)
    })

  for (const name of ['none', 'red-herring'])
    test(`does nothing about ${name}`, async (t) => {
      const { actions, scene, whileUsed } = await openWithHealer(t)
      await whileUsed(async () => {
        const ended = await whileBroken(scene.faults, faultNamed(name), () => delay(scene.watchFor))
        assert.equal(ended, 'aborted')
      })
      assert.deepEqual(actions(), [])
    })

  test('in a dry run says what it would do, and the shop stays broken', async (t) => {
    const fault = faultNamed('table-lock')
    const { scene, sells, untilActed, whileUsed } = await openWithHealer(t, { HEALER_DRY_RUN: 'true' })
    await whileUsed(async () => {
      const ended = await whileBroken(scene.faults, fault, async () => {
        const acted = await untilActed()
        assert.deepEqual(
          acted.map(({ action, outcome }) => ({ action, outcome })),
          [{ action: 'flags-off', outcome: 'dry-run' }],
        )
        await delay(scene.watchFor)
        assert.deepEqual(
          (await activeFaults(scene.faults)).map(({ name }) => name),
          [fault.name],
        )
        assert.equal(await sells(), false)
      })
      assert.equal(ended, 'aborted')
    })
  })

  test('stops after three actions that do not help, and pages a person until the shop sells again', async (t) => {
    const { actions, scene, sells, shop, whileUsed } = await openWithHealer(t, { COOLDOWN_SECONDS: '5' })
    const gaveUp = async () =>
      (await firingAlerts(scene.backends.alertmanager)).filter(({ name }) => name === 'ShopHealerGaveUp')
    const inventory = () => shop.processes().find(({ name }) => name === 'inventory')!
    await whileUsed(async () => {
      /** Whatever is started in place of the process that hangs, hangs. */
      const hanging = setInterval(() => inventory().kill('SIGSTOP'), 100)
      try {
        const page = await eventually(async () => {
          const pages = await gaveUp()
          return pages.length > 0 && pages
        }, scene.patience)
        assert.deepEqual(
          page.map(({ labels: { about, app }, pages }) => ({ about, app, pages })),
          [{ about: 'ShopServiceDown', app: 'inventory', pages: true }],
        )
        await delay(scene.watchFor)
        assert.deepEqual(
          actions().map(({ what, outcome }) => ({ what, outcome })),
          Array(3).fill({ what: 'restarts the process inventory', outcome: 'done' }),
        )
        assert.equal(await sells(), false)
      } finally {
        clearInterval(hanging)
        inventory().kill('SIGCONT')
      }
      await eventually(sells, scene.patience)
      await eventually(async () => assert.deepEqual(await gaveUp(), []), scene.patience)
    })
    assert.equal(actions().length, 3)
  })
})

import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { freePort } from '@hello/processes/ports'
import { services } from '@hello/shop/services'
import { eventually } from '@hello/test-support/eventually'
import { stringify } from 'yaml'
import { alertmanagerConfiguration } from '../src/alertmanager.ts'
import { inhibitRules } from '../src/inhibition.ts'
import { ownNames } from '../src/names.ts'
import { alertsOf, ruleFiles } from '../src/rules.ts'

const missing = spawnSync('alertmanager', ['--version']).error && 'alertmanager is not on PATH'

const config = alertmanagerConfiguration(ownNames, { language: 'en', pages: {}, tickets: {} })

interface Fired {
  labels: Record<string, string>
  status: { state: string }
}

/** An alert with the labels that its rule gives it. */
function firing(name: string, own: Record<string, string>) {
  const rule = alertsOf(ruleFiles(ownNames)).find(
    ({ alert, labels }) =>
      alert === name && Object.entries(own).every(([label, value]) => (labels[label] ?? value) === value),
  )
  assert.ok(rule, `no rule ${name}`)
  return { alertname: name, ...rule.labels, ...own }
}

const burns = (group: string) => [
  firing('ShopErrorBudgetBurn', { severity: 'critical', kind: 'availability', objective: `${group}-availability` }),
  firing('ShopLatencyBudgetBurn', { severity: 'critical', kind: 'latency', objective: `${group}-latency` }),
  firing('ShopErrorBudgetBurn', { severity: 'warning', kind: 'availability', objective: `${group}-availability` }),
]
const outcome = firing('ShopOrderOutcomeBudgetBurn', {
  severity: 'critical',
  kind: 'outcome',
  objective: 'orders-outcome',
})

describe('what Alertmanager tells of', { skip: missing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'))
  let process: ChildProcess
  let address: string

  before(async () => {
    const port = await freePort()
    address = `http://127.0.0.1:${port}/api/v2/alerts`
    const file = join(folder, 'alertmanager.yaml')
    writeFileSync(file, stringify(config))
    process = spawn('alertmanager', [
      `--config.file=${file}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ])
    await eventually(async () => assert.ok((await fetch(address)).ok))
  })
  after(async () => {
    process?.kill()
    if (process && process.exitCode === null) await once(process, 'exit')
    rmSync(folder, { recursive: true })
  })

  /** Lets alerts fire, and nothing else; the names of those that reach a receiver, with what they are about. */
  async function told(alerts: Record<string, string>[]): Promise<string[]> {
    const known: Fired[] = await (await fetch(address)).json()
    const ended = known.map(({ labels }) => ({ labels, endsAt: new Date(Date.now() - 1000).toISOString() }))
    const body = JSON.stringify([...ended, ...alerts.map((labels) => ({ labels, startsAt: new Date().toISOString() }))])
    await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const all = await eventually(async () => {
      const now: Fired[] = await (await fetch(address)).json()
      assert.equal(now.length, alerts.length)
      assert.ok(now.every(({ status }) => status.state !== 'unprocessed'))
      return now
    })
    return all
      .filter(({ status }) => status.state === 'active')
      .map(({ labels }) => `${labels.severity} ${labels.alertname} ${labels.objective ?? labels.app}`)
      .toSorted()
  }

  test('a service that is down makes one page, however many objectives burn behind it', async () => {
    const down = (app: string) => firing('ShopServiceDown', { app })
    assert.deepEqual(await told([down('product'), ...burns('products'), ...burns('orders'), outcome]), [
      'critical ShopServiceDown product',
    ])
    assert.deepEqual(await told([down('order'), ...burns('orders'), outcome]), ['critical ShopServiceDown order'])
    assert.deepEqual(await told([down('gateway'), ...burns('products'), ...burns('inventory'), ...burns('orders')]), [
      'critical ShopServiceDown gateway',
    ])
  })

  test('what does not need the service still pages', async () => {
    const alerts = [firing('ShopServiceDown', { app: 'product' }), ...burns('inventory')]
    assert.deepEqual(
      (await told(alerts)).filter((one) => one.startsWith('critical Shop') && !one.includes('latency')),
      ['critical ShopErrorBudgetBurn inventory-availability', 'critical ShopServiceDown product'],
    )
  })

  test('without a service that is down the objectives page, failures before slowness, a page before its ticket', async () => {
    assert.deepEqual(await told([...burns('products'), ...burns('orders'), outcome]), [
      'critical ShopErrorBudgetBurn orders-availability',
      'critical ShopErrorBudgetBurn products-availability',
    ])
  })

  test('slowness alone pages', async () => {
    assert.deepEqual(await told(burns('orders').slice(1, 2)), ['critical ShopLatencyBudgetBurn orders-latency'])
  })
})

test('no rule of inhibition names an alert or a service that is not there', () => {
  const known = new Set(alertsOf(ruleFiles(ownNames)).map(({ alert }) => alert))
  const apps = services.map(({ name }) => name as string)
  for (const { sourceMatch, targetMatch } of inhibitRules(ownNames))
    for (const { name, value } of [...sourceMatch, ...targetMatch]) {
      if (name === 'alertname') for (const one of value.split('|')) assert.ok(known.has(one), one)
      if (name === 'app' && value !== '.+') assert.ok(apps.includes(value), value)
    }
})

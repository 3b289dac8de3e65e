import { after, before, beforeEach } from 'node:test'
import { json, startServer } from '@hello/service-kit/testing/http-server'
import type { Actions, Step } from '../src/actions.ts'
import { openAlertmanager } from '../src/alertmanager.ts'
import { buildApp } from '../src/app.ts'
import { type Care, createCare } from '../src/care.ts'
import { openOrderCheck } from '../src/order-check.ts'
import { defaultPolicy, type Policy } from '../src/policy.ts'
import { alertOf, startAlertmanager } from './fake-alertmanager.ts'
import { testConfig } from './healer-config.ts'

export const lag = alertOf({ alertname: 'ShopEventLoopLag', app: 'order' })

/** What the gateway answers to an order. */
export const gatewaySays = { status: 201 }
export const alertmanager = await startAlertmanager()
export const gateway = await startServer((_, response) => json(response, gatewaySays.status, {}))

let app: Awaited<ReturnType<typeof buildApp>>
const close: (() => Promise<unknown>)[] = []
/** What was done, in order. */
export let done: string[]
/** The healer's clock, in milliseconds since 1970. */
export const clock = { now: 0 }
export let care: Care

export const step = (what: string): Step => ({ what, take: async () => void done.push(what) })
const actions: Actions = {
  flagsOff: async () => undefined,
  endBlockingSessions: async (database, seconds) => step(`sessions of ${database} after ${seconds} s`),
  restart: async (workload) => step(`restart ${workload}`),
  undoRollout: async (workload) => step(`undo ${workload}`),
}

before(async () => {
  app = await buildApp({ ...testConfig, ALERTMANAGER_URL: alertmanager.url, GATEWAY_SERVICE_URL: gateway.url })
  await app.ready()
})
after(async () => {
  await Promise.all(close.map((one) => one()))
  await app.close()
})

/** Begins with no alert in care. */
export function begin(policy: Partial<Policy> = {}, own: Partial<Actions> = {}) {
  const asked = openAlertmanager({ url: alertmanager.url, observer: {} })
  const orders = openOrderCheck({ url: gateway.url, observer: {}, productId: 'product1' })
  close.push(asked.close, orders.close)
  care = createCare({
    policy: { ...defaultPolicy, dryRun: false, cooldown: 300, ...policy },
    alertmanager: asked,
    actions: { ...actions, ...own },
    sells: orders.sells,
    metrics: app.healerMetrics,
    log: app.log,
    now: () => clock.now,
  })
}

beforeEach(() => {
  done = []
  gateway.seen.length = 0
  Object.assign(alertmanager, { firing: [], posted: [], away: false })
  clock.now = Date.parse(lag.startsAt) - 1000
  gatewaySays.status = 201
  begin()
  clock.now = Date.parse(lag.startsAt)
})

/** Lets `seconds` pass and looks. */
export async function lookAfter(seconds: number) {
  clock.now += seconds * 1000
  await care.look()
}
/** Has the alerts fire, and the healer hear of them. */
export const hear = (...alerts: ReturnType<typeof alertOf>[]) => {
  alertmanager.firing = alerts
  for (const alert of alerts) care.hear(alert.fingerprint, undefined)
}
/** The value of a counter, by its name with labels. */
export const counted = async (name: string) =>
  Number(
    new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (\\d+)`, 'm').exec(
      await app.metrics.client.register.metrics(),
    )?.[1],
  )

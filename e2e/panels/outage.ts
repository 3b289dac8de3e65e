import assert from 'node:assert/strict'
import { test } from 'node:test'
import { services } from '@hello/shop/services'
import { eventually } from '@hello/test-support/eventually'
import { getJson } from '../lib/get-json.ts'
import { patience } from './answers.ts'

interface Shop {
  /** Base URL. */
  alertmanager: string
  /** Ends every process of the product service. */
  endProduct(): Promise<unknown>
}

interface Alert {
  fingerprint: string
  labels: Record<string, string>
}

/** The alerts that page somebody now. */
export const pagesAt = (alertmanager: string): Promise<Alert[]> =>
  getJson(alertmanager, '/api/v2/alerts', {
    active: 'true',
    inhibited: 'false',
    silenced: 'false',
    filter: 'severity="critical"',
  })

/** Another test removes services of its own from the cluster, which pages, too. */
const isOfShop = ({ labels }: Alert) => !labels.app || services.some(({ name }) => name === labels.app)

/** Ends the product service of a shop that is used, as a test of the suite that calls. */
export function testOutage(shop: () => Shop) {
  test('makes one page, with the pages that follow from it held back', async (t) => {
    const { alertmanager, endProduct } = shop()
    const before = new Set((await pagesAt(alertmanager)).map(({ fingerprint }) => fingerprint))
    const pages = async () =>
      (await pagesAt(alertmanager)).filter((page) => isOfShop(page) && !before.has(page.fingerprint))
    const began = performance.now()
    await endProduct()
    await eventually(async () => assert.equal((await pages())[0]?.labels.alertname, 'ShopServiceDown'), patience)
    t.diagnostic(`at Alertmanager after ${((performance.now() - began) / 1000).toFixed(0)} s`)
    await eventually(async () => {
      const inhibited = await getJson(alertmanager, '/api/v2/alerts', {
        active: 'false',
        inhibited: 'true',
        filter: 'alertname="ShopErrorBudgetBurn"',
      })
      return inhibited.length > 0
    }, patience)
    assert.deepEqual(
      (await pages()).map(({ labels }) => `${labels.alertname} ${labels.app}`),
      ['ShopServiceDown product'],
    )
  })
}

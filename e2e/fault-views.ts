import { allFaults } from '@hello/faults/all-faults'
import type { Fault } from '@hello/shop/api/fault'
import type { Page } from 'playwright-core'

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

/** Every fault as the server tells of it, one of them on. */
const faults = (): Fault[] =>
  allFaults.map(({ services, fires, evidence, hints, ...fault }) => ({
    ...fault,
    ...{ services: [...services], evidence: [...evidence], hints: [...hints] },
    fires: fires.map(({ alert }) => alert),
    on: fault.name === 'slow-inventory' ? { ratio: 0.5, since: minutesAgo(1), until: minutesAgo(-9) } : null,
  }))

/** Opens the Faults view of a shop whose page sets faults, until `page.unrouteAll()`, and none of which is really on. */
export async function openFaults(page: Page, { shop }: { shop: string }) {
  await page.route('**/config.json', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({
      json: { ...(await answer.json()), faults: true, grafanaUrl: 'https://grafana.example.com' },
    })
  })
  await page.route('**/faults/api/faults', (route) => route.fulfill({ json: faults() }))
  await page.goto(`${shop}/signals/faults`)
  await page.locator('.alert').first().waitFor()
}

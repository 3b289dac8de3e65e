import type { Alert, Silence } from '@hello/shop/api/alert'
import type { Page } from 'playwright-core'

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

const alert = (name: string, labels: Record<string, string>, rest: Partial<Alert> = {}): Alert => ({
  ...{ id: name, name, severity: labels.severity ?? null, state: 'firing', since: minutesAgo(12) },
  ...{ summary: null, description: null, labels: { alertname: name, ...labels }, receivers: ['shop/shop/pages'] },
  ...{ runbookUrl: `https://example.com/${name}.md`, dashboardUrl: 'https://grafana.example.com/d/x', logsUrl: null },
  ...rest,
})

export const heartbeat = alert(
  'ShopDeadMansSwitch',
  { severity: 'none', namespace: 'shop' },
  { summary: 'Always fires: where it is missing, no alert arrives.', receivers: ['shop/shop/heartbeat'] },
)

interface Shown {
  alerts: Alert[]
  silences?: Silence[]
}

export const firing: Shown = {
  alerts: [
    alert(
      'ShopServiceDown',
      { severity: 'critical', app: 'product', namespace: 'shop', team: 'shop' },
      { summary: 'No pod of a service answers.', description: 'No pod of product has answered Prometheus for 30s.' },
    ),
    alert(
      'ShopOrderPendingTooLong',
      { severity: 'warning', app: 'order', namespace: 'shop', team: 'shop' },
      { summary: 'An order has waited for its outcome longer than the recovery should take.', since: minutesAgo(190) },
    ),
    alert('ShopRetryStorm', { severity: 'warning', app: 'gateway', namespace: 'shop' }, { state: 'silenced' }),
    heartbeat,
  ],
  silences: [
    {
      id: '20730aa1-9fd7-43e5-bc17-4264d561faca',
      matchers: ['alertname="ShopRetryStorm"', 'app="gateway"', 'namespace="shop"', 'severity="warning"'],
      ...{ createdBy: 'Kim Minji', comment: 'A load test.', from: minutesAgo(5), until: minutesAgo(-55) },
    },
  ],
}

/** Opens the Alerts view of a shop beside which there is, until `page.unrouteAll()`, an Alertmanager with these alerts. */
export async function openAlerts(page: Page, { shop }: { shop: string }, { alerts, silences = [] }: Shown) {
  await page.route('**/config.json', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({
      json: { ...(await answer.json()), alerts: true, silences: true, grafanaUrl: 'https://grafana.example.com' },
    })
  })
  await page.route('**/alerts/api/alerts', (route) => route.fulfill({ json: { alerts, matched: alerts.length } }))
  await page.route('**/alerts/api/silences', (route) => route.fulfill({ json: silences }))
  await page.goto(`${shop}/signals/alerts`)
  await page.locator('.alert-group').first().waitFor()
}

import type { Page } from 'playwright-core'
import { firing, heartbeat, openAlerts } from './alert-views.ts'
import { openFaults } from './fault-views.ts'
import { openLab } from './lab-views.ts'
import { shopClient } from './lib/shop-client.ts'

/** What the views are shown of. */
export interface Shopping {
  shop: string
  /** A product of which there are fewer than may be ordered at once. */
  product: { id: string; name: string }
  /** The traces of two orders, the second one refused. */
  traceIds: [string, string]
}

interface View {
  name: string
  /** Brings a page, in whatever language, to the view with all in it that can be opened. */
  show: (page: Page, shopping: Shopping) => Promise<void>
}

/** Adds a product, sells it, and refuses to sell more than there is, so that every view has something to show. */
export async function goShopping(shop: string): Promise<Shopping> {
  const { order, stockProduct } = shopClient(shop)
  const product = await stockProduct(500, 12.5)
  const [sold, refused] = [await order(product.id, 1), await order(product.id, 1000)]
  return { shop, product, traceIds: [sold.traceId ?? '', refused.traceId ?? ''] }
}

const open = (path: (shopping: Shopping) => string) => async (page: Page, shopping: Shopping) => {
  await page.goto(shopping.shop + path(shopping))
  await page.locator('.panel, .service-panel, .product, .empty').first().waitFor()
}

async function card(page: Page, { shop, product }: Shopping) {
  await page.goto(shop)
  const found = page.locator('.product', { hasText: product.name })
  await page.locator('.product-title').first().waitFor()
  while (!(await found.isVisible())) await page.locator('.catalog .show-more').click()
  return found
}

/** Every view of the page: what axe and the eye look at. */
export const views: View[] = [
  {
    name: 'shop',
    async show(page, shopping) {
      const product = await card(page, shopping)
      await product.locator('.buy-button').click()
      await product.locator('.notice[data-kind="success"]').waitFor()
    },
  },
  {
    name: 'shop-refused',
    async show(page, shopping) {
      const product = await card(page, shopping)
      await product.locator('.stepper input').fill('1000')
      await product.locator('.buy-button').click()
      await product.locator('.notice[data-kind="error"]').waitFor()
      await product.locator('.product-stock button').click()
      await product.locator('.stock-editor input').fill('-1')
      await product.locator('.stock-editor .primary').click()
      await product.locator('.stock-editor .field-rule:not(:empty)').waitFor()
    },
  },
  {
    name: 'shop-away',
    async show(page, shopping) {
      await page.route('**/api/**', (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          body: JSON.stringify({
            ...{ type: 'urn:hello-observability:problem:service-unavailable', status: 503 },
            ...{ detail: 'The service is away.', traceId: shopping.traceIds[0] },
          }),
        }),
      )
      await page.goto(shopping.shop)
      await page.locator('.orders .notice').waitFor()
      await page.unroute('**/api/**')
    },
  },
  {
    name: 'shop-dialog',
    async show(page, shopping) {
      await page.goto(shopping.shop)
      await page.locator('.section-heading button').click()
      await page.locator('dialog .primary').click()
      await page.locator('dialog .field-rule:not(:empty)').first().waitFor()
    },
  },
  {
    name: 'metrics',
    async show(page, shopping) {
      await open(() => '/signals')(page, shopping)
      await page.locator('summary').click()
      await page.locator('.service-extras canvas').first().waitFor()
    },
  },
  { name: 'traces', show: open(({ product }) => `/signals/traces?minutes=15&text=${product.id}`) },
  {
    name: 'traces-chosen',
    show: open(
      ({ product, traceIds }) =>
        `/signals/traces?compare=${traceIds[0]}&callee=PostgreSQL&from=1700000000000&sort=duration&text=${product.id}`,
    ),
  },
  { name: 'traces-none', show: open(() => '/signals/traces?orderId=none') },
  {
    name: 'trace',
    async show(page, shopping) {
      await open(({ traceIds }) => `/signals/traces/${traceIds[0]}`)(page, shopping)
      await page.locator('.span-row .row-button').nth(4).click()
      await page.locator('.row-details').waitFor()
    },
  },
  {
    name: 'trace-line',
    async show(page, shopping) {
      await open(({ traceIds }) => `/signals/traces/${traceIds[1]}`)(page, shopping)
      await page.locator('.row-toggle').nth(3).click()
      await page.locator('.line-row .row-button').first().click()
      await page.locator('.row-details').waitFor()
    },
  },
  { name: 'trace-missing', show: open(() => `/signals/traces/${'ab'.repeat(16)}`) },
  { name: 'compare', show: open(({ traceIds: [one, other] }) => `/signals/traces/${one}/compare/${other}`) },
  {
    name: 'logs',
    async show(page, shopping) {
      await open(() => '/signals/logs')(page, shopping)
      await page.locator('.log-button').nth(1).click()
      await page.locator('.row-details').waitFor()
      await fetch(`${shopping.shop}/api/orders`)
      await page.locator('.newer-lines button').waitFor()
    },
  },
  { name: 'map', show: open(() => '/signals/map') },
  { name: 'alerts-none', show: (page, shopping) => openAlerts(page, shopping, { alerts: [heartbeat] }) },
  {
    name: 'alerts-runbook',
    async show(page, shopping) {
      await openAlerts(page, shopping, firing)
      for (const summary of await page.locator('.alert-group summary').all()) await summary.click()
      await page.locator('.alert-actions button').first().click()
      await page.locator('.runbook h4').first().waitFor()
    },
  },
  {
    name: 'alerts-silence',
    async show(page, shopping) {
      await openAlerts(page, shopping, firing)
      await page.locator('.alert-actions button').nth(1).click()
      await page.locator('.silence-form .primary').click()
      await page.locator('.silence-form .field-rule:not(:empty)').first().waitFor()
    },
  },
  {
    name: 'faults',
    async show(page, shopping) {
      await openFaults(page, shopping)
      await page.locator('.alert-actions button[aria-controls$="-set"]').nth(1).click()
      await page.locator('.silence-form input').first().fill('0')
      await page.locator('.silence-form .primary').click()
      await page.locator('.silence-form .field-rule:not(:empty)').waitFor()
    },
  },
  {
    name: 'faults-evidence',
    async show(page, shopping) {
      await openFaults(page, shopping)
      const card = page.locator('.alert', { hasText: 'slow-inventory' })
      await card.locator('button[aria-controls$="-hints"]').click()
      for (let opened = 0; opened < 4; opened++) await card.locator('.fault-hints button').click()
      const other = page.locator('.alert', { hasText: 'table-lock' })
      await other.locator('button[aria-controls$="-evidence"]').click()
    },
  },
  {
    name: 'lab',
    async show(page, shopping) {
      await openLab(page, shopping, 'wrong')
      await page.locator('form.lab-panel .primary').click()
      await page.locator('form.lab-panel .field-rule:not(:empty)').first().waitFor()
      await page.locator('.lab-give-up summary').click()
    },
  },
  { name: 'lab-well', show: (page, shopping) => openLab(page, shopping, 'well') },
  { name: 'lab-solved', show: (page, shopping) => openLab(page, shopping, 'solved') },
  {
    name: 'alerts-away',
    async show(page, shopping) {
      await page.unrouteAll()
      await open(() => '/signals/alerts')(page, shopping)
    },
  },
  { name: 'faults-off', show: open(() => '/signals/faults') },
  {
    name: 'lab-none',
    async show(page, shopping) {
      await page.unrouteAll()
      await open(() => '/signals/lab')(page, shopping)
    },
  },
]

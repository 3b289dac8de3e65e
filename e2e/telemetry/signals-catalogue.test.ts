import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startShop } from '@hello/local/shop/start-shop'
import { services } from '@hello/shop/services'
import { eventually } from '@hello/test-support/eventually'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, openPage, showProduct } from '../browser.ts'
import { exchange, open, request } from '../hostile/raw-connection.ts'
import { shopClient } from '../lib/shop-client.ts'
import { type Catalogue, type Row, readCatalogue, sources } from './catalogue.ts'
import { type Emitted, fieldsOf, readEmitted } from './emitted.ts'

// A shop of its own: the other tests forge spans and write more lines than the store keeps.
const shop = await startShop({ signals: true, durable: false })
const { frontend, gateway, inventory: inventoryUrl, signals = '' } = shop.urls
const names = services.map(({ name }) => name)
const root = fileURLToPath(new URL('../..', import.meta.url))
const catalogue = readCatalogue('en')
const code = sources(
  globSync(
    [
      'packages/{telemetry,service-kit}/src/*.ts',
      'services/*/src/**/*.ts',
      'frontend/{server,src}/**/*.ts',
      'faults/src/*.ts',
      'node_modules/fastify/lib/reply.js',
    ],
    {
      cwd: root,
    },
  ),
)
let browser: Browser

/** Every route and statement, with answers of all kinds. */
async function useTheApi() {
  const page = shopClient(frontend)
  const product = await page.stockProduct(10)
  const key = { 'idempotency-key': randomUUID() }
  for (const _ of ['first', 'again']) await page.order(product.id, 1, key)
  const { body } = await page.order(product.id, 1)
  for (const path of ['orders', 'products', 'inventory', `orders/${body.id}`, `products/${product.id}`])
    assert.equal((await page.call('GET', `/api/${path}`)).status, 200, path)
  const { call, order } = shopClient(gateway)
  const stock = `/api/inventory/${product.id}`
  await call('PUT', stock, { quantity: 9 }, { 'if-match': '"0"' })
  await call('PUT', stock, { quantity: 9 }, { 'if-none-match': '*' })
  await order(product.id, 1000)
  await call('POST', '/api/inventory/check', { productId: product.id, quantity: 1 })
  await call('GET', '/nowhere')
  await call('PROPFIND', '/api/products')
  const inventory = shopClient(inventoryUrl)
  const reservation = `/reservations/${randomUUID()}`
  for (const _ of ['first', 'again']) await inventory.call('PUT', reservation, { productId: product.id, quantity: 1 })
  await inventory.call('DELETE', reservation)
}

/** A client that sends what cannot be read, one that goes away, and one of which half a body comes. */
async function misbehave() {
  await exchange(gateway, request('GET /api/products HTTP/1.1', 'Transfer-Encoding: nonsense'))
  const socket = open(gateway)
  socket.write(request('POST /api/orders HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 50'))
  socket.write('{')
  await delay(200) // the gateway has read that much
  socket.destroy()
}

async function addProduct(page: Page, name: string) {
  await page.getByRole('button', { name: 'Add a product' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('textbox', { name: 'Price in US dollars' }).fill('20.05')
  await page.keyboard.press('Enter')
  await page.getByRole('listitem', { name, exact: true }).waitFor()
}

async function clickThroughThePage(page: Page) {
  await page.waitForResponse('**/otlp/v1/traces') // tracing has started
  const name = `Kettle ${Date.now().toString(36)}`
  await addProduct(page, name)
  const card = await showProduct(page, name)
  await card.getByRole('button', { name: `Set stock of ${name}` }).click()
  await page.getByRole('spinbutton', { name: `Stock of ${name}` }).fill('7')
  await page.keyboard.press('Enter')
  await card.getByRole('button', { name: /^Buy/ }).click()
  await card.getByText(`Ordered: 1 × ${name}`).waitFor()
  await page.goto(`${frontend}/signals`)
}

const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Whether a message is that of a row, which may have a place for a name: `migrated: {name}`. */
const says = (row: Row, msg: string) =>
  new RegExp(
    `^${row.name
      .split(/\{\w+\}/)
      .map(literal)
      .join('.+')}$`,
  ).test(msg)

/** The rows that nothing has shown, but for those that only the code has. */
function unseen(rows: Row[], seen: Iterable<string>): string[] {
  const names = new Set(seen)
  const inCode = (name: string) => code.includes(name.replace(/^err\./, '').split('{')[0]!)
  return rows.filter(({ name, rare }) => !(names.has(name) || (rare && inCode(name)))).map(({ name }) => name)
}

/** What no row has, said once. */
function unlisted<T>(found: T[], has: (one: T) => boolean): string[] {
  return [...new Set(found.filter((one) => !has(one)).map((one) => JSON.stringify(one)))]
}

const listed = (rows: Row[], name: string, column: string, word: string) =>
  rows.some((row) => row.name === name && row.cells[column]!.includes(word))

/** Each table with what it has not, and with what only it has. */
function compare(emitted: Emitted, { fields, messages, spans, attributes, events, statements }: Catalogue) {
  const problems = readFileSync(`${root}/docs/problems.md`, 'utf8')
  const written = emitted.lines.flatMap((line) => fieldsOf(line).map((name) => ({ name, service: line.service })))
  const said = emitted.lines.map(({ msg, level, service }) => ({ msg, level, service }))
  return {
    fields: [
      unlisted(written, ({ name, service }) => listed(fields, name, 'services', service)),
      unseen(fields, [...emitted.members, ...written.map(({ name }) => name)]),
    ],
    messages: [
      unlisted(
        said,
        ({ msg, level, service }) =>
          messages.some(
            (row) =>
              says(row, msg) &&
              (row.cells.level!.includes(level) || row.name === 'request') &&
              row.cells.services!.includes(service),
          ) ||
          (level === 'error' && problems.includes(`"${msg}"`)),
      ),
      unseen(
        messages,
        messages.filter((row) => said.some(({ msg }) => says(row, msg))).map(({ name }) => name),
      ),
    ],
    spans: [
      unlisted(
        emitted.spans,
        ({ row, kind, service }) => listed(spans, row, 'kind', kind) && listed(spans, row, 'services', service),
      ),
      unseen(
        spans,
        emitted.spans.map(({ row }) => row),
      ),
    ],
    attributes: [
      unlisted(emitted.attributes, ({ name, span }) => listed(attributes, name, 'spans', span)),
      unseen(
        attributes,
        emitted.attributes.map(({ name }) => name),
      ),
    ],
    events: [
      unlisted(
        emitted.events,
        ({ name, span, attributes }) =>
          listed(events, name, 'spans', span) && attributes.every((one) => listed(events, name, 'attributes', one)),
      ),
      unseen(
        events,
        emitted.events.map(({ name }) => name),
      ),
    ],
    statements: [
      unlisted(emitted.statements, ({ name, service }) => listed(statements, name, 'services', service)),
      unseen(
        statements,
        emitted.statements.map(({ name }) => name),
      ),
    ],
  }
}

describe('docs/en/telemetry.md and what the shop emits', () => {
  before(async () => {
    browser = await launchBrowser()
    await shop.ready()
  })
  after(async () => {
    await browser.close()
    await shop.stop()
  })

  test('are the same', async (t) => {
    await useTheApi()
    await misbehave()
    const page = await openPage(t, browser, frontend)
    await clickThroughThePage(page)
    await eventually(
      async () => {
        // A page that comes after another one tells more, and the browser may paint after it has told.
        await page.goto(frontend)
        const compared = compare(await readEmitted(signals, names), catalogue)
        const different = Object.entries(compared).filter(([, lists]) => lists.flat().length > 0)
        assert.deepEqual(different, [], 'of each table, what the catalogue lacks, then what nothing has shown')
      },
      { everyMs: 2000 },
    )
  })

  test('both languages list the same', () => {
    assert.deepEqual(readCatalogue('ko'), catalogue)
  })
})

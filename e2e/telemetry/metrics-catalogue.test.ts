import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { services as all } from '@hello/shop/services'
import { frontend, gateway } from '../lib/running-shop.ts'
import { shopClient } from '../lib/shop-client.ts'

/** Management ports by service: frontend=http://127.0.0.1:9184,gateway=... */
const managementUrls = (process.env.MANAGEMENT_URLS ?? '')
  .split(',')
  .map((entry) => entry.split('=') as [string, string])

interface Metric {
  type: string
  labels: string[]
  services: string[]
}

/** Labels that belong to the format, not to the metric. */
const formatLabels = new Set(['le', 'quantile'])

function addExposed(metrics: Map<string, Metric>, service: string, text: string) {
  let metric: Metric | undefined
  for (const line of text.split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? []
    if (name && type) {
      metric = metrics.get(name) ?? { type, labels: [], services: [] }
      metric.services.push(service)
      metrics.set(name, metric)
    }
    const labels = /^[a-z_]+\{([^}]*)\}/.exec(line)?.[1] ?? ''
    for (const [, label] of labels.matchAll(/([a-z_]+)="/g)) {
      if (!formatLabels.has(label!) && !metric!.labels.includes(label!)) metric!.labels.push(label!)
    }
  }
}

async function readCatalogue(language: string): Promise<Map<string, Metric>> {
  const document = await readFile(new URL(`../../docs/${language}/metrics.md`, import.meta.url), 'utf8')
  const everyService = managementUrls.map(([service]) => service)
  const owners: string[] = all.filter(({ database }) => database).map(({ name }) => name)
  const groups: Record<string, string[]> = { all: everyService, 'with a database': owners }
  const metrics = new Map<string, Metric>()
  for (const [, name, type, , labels, services] of document.matchAll(
    /^\| `([a-z_0-9]+)` \| (\w+) \| ([^|]+) \| ([^|]*) \| ([^|]+) \| [^|]+ \|$/gm,
  )) {
    metrics.set(name!, {
      type: type!,
      labels: [...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label!),
      services: groups[services!.trim()] ?? services!.split(',').map((service) => service.trim()),
    })
  }
  return metrics
}

const comparable = (metrics: Map<string, Metric>) =>
  Object.fromEntries(
    [...metrics]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, { type, labels, services }]) => [
        name,
        { type, labels: labels.toSorted(), services: services.toSorted() },
      ]),
  )

before(async () => {
  // Every metric has its labels only once something happened: an order goes through all services but the frontend.
  await shopClient(gateway).order('product1', 1)
  await shopClient(frontend).call('GET', '/api/products')
  await delay(100)
})

test('docs list exactly the metrics that the services expose', async () => {
  const exposed = new Map<string, Metric>()
  for (const [service, url] of managementUrls)
    addExposed(exposed, service, await (await fetch(`${url}/metrics`)).text())
  // Node names only the kinds of handles and requests that there are at the moment of a scrape.
  const volatile = new Set(['nodejs_active_requests', 'nodejs_active_handles', 'nodejs_active_resources'])
  const catalogue = await readCatalogue('en')
  for (const name of volatile) {
    assert.ok(exposed.has(name) && catalogue.has(name), name)
    exposed.delete(name)
    catalogue.delete(name)
  }
  assert.deepEqual(comparable(exposed), comparable(catalogue))
})

test('both languages list the same', async () => {
  assert.deepEqual(comparable(await readCatalogue('ko')), comparable(await readCatalogue('en')))
})

test('10,000 random paths, ids and methods make no new series', async () => {
  const series = async () => {
    const names = new Set<string>()
    for (const [, url] of managementUrls) {
      const text = await (await fetch(`${url}/metrics`)).text()
      for (const line of text.split('\n')) {
        const name = /^(http_|shop_|db_|database_)[^#]*?(?= )/.exec(line)?.[0]
        // Which of the few statuses a path met, for example 429 of the rate limit, is not what the paths are for.
        if (name) names.add(`${url} ${name.replace(/(status_code=)"[^"]*"/, '$1"*"')}`)
      }
    }
    return names
  }
  const paths = (n: number) => {
    const id = `${n}-${Math.random().toString(36).slice(2)}`
    return [`/api/products/${id}`, `/api/inventory/${id}`, `/api/orders/${id}`, `/${id}`, `/api/${id}/${n}`][n % 5]!
  }
  const methods = ['GET', 'POST', 'DELETE', 'PROPFIND']
  const send = async (n: number) => {
    const method = methods[Math.floor(n / 5) % methods.length]!
    await (await fetch(`${gateway}${paths(n)}`, { method })).arrayBuffer()
  }
  for (let n = 0; n < 5 * methods.length; n++) await send(n)
  const before = await series()
  for (let batch = 0; batch < 100; batch++) {
    await Promise.all(Array.from({ length: 100 }, (_, n) => send(batch * 100 + n)))
  }
  const added = [...(await series())].filter((name) => !before.has(name))
  assert.deepEqual(added, [])
})

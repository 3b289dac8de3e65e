import { read } from '@hello/cluster/command'
import { services as all } from '@hello/shop/services'

/** What e2e/cluster/run-on-cluster.ts tells its tests about the cluster that it made. */
function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set. Run: node e2e/cluster/run-on-cluster.ts ${process.argv[1]}`)
  return value
}

export const cluster = setting('CLUSTER')
export const context = `kind-${cluster}`
export const gateway = setting('GATEWAY_URL')
export const frontend = setting('FRONTEND_URL')
export const prometheus = setting('PROMETHEUS_URL')
export const alertmanager = setting('ALERTMANAGER_URL')
export const loki = setting('LOKI_URL')
export const jaeger = setting('JAEGER_URL')

export const services = all.map(({ name }) => name)

/** How long any wait may last (e2e/cluster/run-on-cluster.ts). */
export const limitMs = Number(setting('EVENTUALLY_MS'))
export const limit = `${limitMs / 1000}s`

/** Runs kubectl in the shop's namespace and gives what it prints. */
export const kubectl = (...args: string[]): Promise<string> =>
  read('kubectl', ['--context', context, '-n', 'shop', ...args])

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it expects of an answer
export async function getJson(base: string, path: string, parameters: Record<string, string> = {}): Promise<any> {
  const response = await fetch(`${base}${path}?${new URLSearchParams(parameters)}`, {
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

interface Series {
  metric: Record<string, string>
  value: [number, string]
}

/** What Prometheus answers to an instant query, now. */
export async function query(expression: string): Promise<Series[]> {
  return (await getJson(prometheus, '/api/v1/query', { query: expression })).data.result
}

/** Puts up a product with a stock that lasts, and returns its id. */
export async function stockProduct(quantity: number): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ name: 'Cluster test', price: 2.5 })
  const { id } = (await (await fetch(`${gateway}/api/products`, { method: 'POST', headers, body })).json()) as {
    id: string
  }
  const stock = { method: 'PUT', headers, body: JSON.stringify({ quantity }) }
  const { ok, status } = await fetch(`${gateway}/api/inventory/${id}`, stock)
  if (!ok) throw new Error(`PUT /api/inventory/${id} answered ${status}`)
  return id
}

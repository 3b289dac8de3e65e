import type { Stack } from '@hello/cluster/charts'
import { read } from '@hello/cluster/command'
import { services as all } from '@hello/shop/services'
import { getJson } from '../lib/get-json.ts'

/** What e2e/cluster/run-on-cluster.ts tells its tests about the cluster that it made. */
function setting(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set. Run: node e2e/cluster/run-on-cluster.ts ${process.argv[1]}`)
  return value
}

export const cluster = setting('CLUSTER')
export const stack = setting('STACK') as Stack
export const context = `kind-${cluster}`
export const gateway = setting('GATEWAY_URL')
export const frontend = setting('FRONTEND_URL')
export const prometheus = setting('PROMETHEUS_URL')
export const alertmanager = setting('ALERTMANAGER_URL')
export const loki = setting('LOKI_URL')
export const jaeger = setting('JAEGER_URL')

export const services = all.map(({ name }) => name)

/** How long any wait may last (e2e/cluster/run-on-cluster.ts). */
export const limitSeconds = Number(setting('EVENTUALLY_SECONDS'))
export const limit = `${limitSeconds}s`

/** Runs kubectl in the shop's namespace and gives what it prints. */
export const kubectl = (...args: string[]): Promise<string> =>
  read('kubectl', ['--context', context, '-n', 'shop', ...args])

interface Series {
  metric: Record<string, string>
  value: [number, string]
}

/** What Prometheus answers to an instant query, now. */
export async function query(expression: string): Promise<Series[]> {
  return (await getJson(prometheus, '/api/v1/query', { query: expression })).data.result
}

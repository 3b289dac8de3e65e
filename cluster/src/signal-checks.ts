import { readdirSync, readFileSync } from 'node:fs'
import { addresses } from './addresses.ts'

export interface Check {
  name: string
  found: string
  /** What is wrong; undefined when nothing is. */
  fault?: string
}

const generated = new URL('../../charts/observability/generated/dashboards/', import.meta.url)

const address = (name: string): string => addresses.find((candidate) => candidate.name === name)!.url

async function getJson<T>(url: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`)
  return JSON.parse(text)
}

/** A check that ends with what its address says where that is no answer. */
async function attempt(name: string, check: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  return { name, ...(await check().catch(({ message }: Error) => ({ found: '', fault: message }))) }
}

/** Whether Prometheus reaches everything that it is told to scrape, and by every one of some ServiceMonitors (`namespace/name`) something. */
export function checkTargets(monitors: string[], prometheus = address('Prometheus')): Promise<Check> {
  return attempt('Prometheus targets', async () => {
    const { data } = await getJson<{ data: { activeTargets: { health: string; scrapePool: string }[] } }>(
      `${prometheus}/api/v1/targets?state=active`,
    )
    const pools = (targets: { scrapePool: string }[]) => [...new Set(targets.map(({ scrapePool }) => scrapePool))]
    const all = data.activeTargets
    const down = all.filter(({ health }) => health !== 'up')
    const without = monitors.filter((name) => !pools(all).some((pool) => pool.startsWith(`serviceMonitor/${name}/`)))
    const found = `${all.length - down.length} of ${all.length} are up`
    if (down.length > 0) return { found, fault: `${found}; not those of ${pools(down).join(', ')}` }
    return { found, ...(without.length > 0 && { fault: `none of ${without.join(', ')}` }) }
  })
}

/** Whether Grafana has every dashboard of charts/observability, and reaches where their panels' data are. */
export function checkGrafana(grafana = address('Grafana')): Promise<Check[]> {
  const authorization = `Basic ${Buffer.from('admin:admin').toString('base64')}`
  const dashboards = readdirSync(generated).map((file) => JSON.parse(readFileSync(new URL(file, generated), 'utf8')))
  return Promise.all([
    attempt('Grafana dashboards', async () => {
      const there = await getJson<{ uid: string }[]>(`${grafana}/api/search?type=dash-db&limit=5000`, { authorization })
      const missing = dashboards.filter(({ uid }) => !there.some((dashboard) => dashboard.uid === uid))
      const found = `${dashboards.length - missing.length} of ${dashboards.length} are there`
      return {
        found,
        ...(missing.length > 0 && { fault: `not there: ${missing.map(({ title }) => title).join(', ')}` }),
      }
    }),
    ...['prometheus', 'loki', 'jaeger'].map((uid) =>
      attempt(`Grafana datasource ${uid}`, async () => {
        const { status, message } = await getJson<{ status: string; message: string }>(
          `${grafana}/api/datasources/uid/${uid}/health`,
          { authorization },
        )
        return { found: 'answers', ...(status !== 'OK' && { fault: message }) }
      }),
    ),
  ])
}

import { setTimeout as delay } from 'node:timers/promises'

/** The address where a person sees a trace; undefined where nobody keeps it (any longer). @param ended in milliseconds since 1970 */
export type FindTrace = (traceId: string, ended: number) => Promise<string | undefined>

interface Keeper {
  page(traceId: string): string
  api(traceId: string): string
}

/** Longer than spans take from a service to who keeps them, in milliseconds. */
const underWay = 12_000

const signals = (frontend: string): Keeper => ({
  page: (traceId) => `${frontend}/signals/traces/${traceId}`,
  api: (traceId) => `${frontend}/signals/api/traces/${traceId}`,
})

const jaeger = (url: string): Keeper => ({
  page: (traceId) => `${url}/trace/${traceId}`,
  api: (traceId) => `${url}/api/traces/${traceId}`,
})

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(3000) }).then(
    ({ ok }) => ok,
    () => false,
  )

async function keepersOf(frontend: string): Promise<Keeper[]> {
  try {
    const response = await fetch(`${frontend}/config.json`, { signal: AbortSignal.timeout(3000) })
    const config = (await response.json()) as { signals?: boolean; jaegerUrl?: string | null }
    return [...(config.signals ? [signals(frontend)] : []), ...(config.jaegerUrl ? [jaeger(config.jaegerUrl)] : [])]
  } catch {
    return []
  }
}

/**
 * Where the traces of a shop are kept, as its frontend tells the page.
 *
 * @param frontend its address
 */
export async function traceFinder(frontend: string): Promise<FindTrace> {
  const keepers = await keepersOf(frontend)
  return async (traceId, ended) => {
    for (;;) {
      for (const { api, page } of keepers) if (await answers(api(traceId))) return page(traceId)
      if (keepers.length === 0 || Date.now() > ended + underWay) return undefined
      await delay(1000)
    }
  }
}

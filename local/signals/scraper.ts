import type { ServiceState } from '@hello/signals-api/service'
import type { MetricStore } from './metric-store.ts'
import { parseOpenMetrics } from './openmetrics.ts'

export interface ScrapeTarget {
  service: string
  /** The address of the exposition. */
  url: string
}

export interface ScrapeState extends Pick<ServiceState, 'service' | 'error' | 'answered'> {
  up: boolean
}

const maxBytes = 8 * 1024 * 1024

async function read(response: Response): Promise<string> {
  if (!response.ok) throw new Error(`answered ${response.status}`)
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > maxBytes) throw new Error(`answered more than ${maxBytes} bytes`)
  }
  return text
}

/** Why a fetch failed: undici hides the reason in the cause. */
function reason(error: unknown): string {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } }
  return cause?.code ?? cause?.message ?? message
}

/**
 * Scrapes every target into the store until it is closed. A target that is away is shown as down and asked again.
 *
 * @param interval milliseconds between two scrapes of a target; a scrape may take as long
 */
export function startScraper(metrics: MetricStore, targets: ScrapeTarget[], interval: number) {
  const closing = new AbortController()
  const states = new Map(
    targets.map(({ service }) => [
      service,
      { service, up: false, error: 'not scraped yet', answered: null } as ScrapeState,
    ]),
  )

  async function scrape({ service, url }: ScrapeTarget) {
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5' },
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(interval)]),
      })
      const samples = parseOpenMetrics(await read(response))
      const answered = Date.now()
      metrics.add(service, samples, answered)
      states.set(service, { service, up: true, error: null, answered })
    } catch (error) {
      const answered = states.get(service)!.answered
      states.set(service, { service, up: false, error: `${url}: ${reason(error)}`, answered })
    }
  }

  let running = Promise.resolve<unknown>(undefined)
  const scrapeAll = () => {
    running = Promise.all(targets.map(scrape))
  }
  scrapeAll()
  const timer = setInterval(scrapeAll, interval)

  return {
    /** The targets in the order given. */
    states: () => [...states.values()],
    async close() {
      clearInterval(timer)
      closing.abort()
      await running
    },
  }
}

export type Scraper = ReturnType<typeof startScraper>

import type { TestContext } from 'node:test'
import { type SignalsOptions, startSignals } from '../signals.ts'

/** Signals on free ports, closed after the test. */
export async function start(t: TestContext, options: Partial<SignalsOptions> = {}) {
  const signals = await startSignals({
    targets: [],
    grpcPort: 0,
    httpPort: 0,
    apiPort: 0,
    scrapeInterval: 20,
    ...options,
  })
  t.after(() => signals.close())

  /** GETs below `/signals/api`. */
  async function get(path: string) {
    const response = await fetch(`${signals.addresses.api}/signals/api${path}`)
    // biome-ignore lint/suspicious/noExplicitAny: each test asserts the shape that it reads
    return { status: response.status, type: response.headers.get('content-type'), body: (await response.json()) as any }
  }
  return { ...signals, get }
}

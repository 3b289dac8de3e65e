import { expect, onTestFinished, vi } from 'vitest'

export type SentRequest = { headers: Headers; body: unknown }
type Handler = (request: SentRequest) => Response | Promise<Response>

/**
 * Answers the page's requests at the network boundary. A request that no route names fails the test.
 * @param routes by method and path with query, such as `GET /api/products?limit=24`; may be changed while the test runs
 */
export function serveNetwork(routes: Record<string, Handler>) {
  const unexpected: string[] = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    const call = `${init.method ?? 'GET'} ${path}`
    const handler = routes[call]
    if (!handler) {
      unexpected.push(call)
      throw new TypeError(`unexpected request: ${call}`)
    }
    return handler({
      headers: new Headers(init.headers),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    })
  })
  onTestFinished(() => {
    vi.unstubAllGlobals()
    expect(unexpected).toEqual([])
  })
}

export const json = (body: unknown, init: ResponseInit = {}) => Response.json(body, init)

export const problem = (status: number, members: object = {}, headers: Record<string, string> = {}) =>
  Response.json({ status, ...members }, { status, headers: { 'content-type': 'application/problem+json', ...headers } })

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

type Answer = { status: number; body: unknown } | 'hang' | 'cut'

/**
 * A neighbour on a real socket whose answers a test decides: `hang` never answers, `cut` breaks the connection after the
 * request was read.
 */
export async function startUpstream(
  initial: (request: { method: string; path: string; body: string }) => Answer | Promise<Answer>,
) {
  const seen: string[] = []
  const upstream = {
    url: '',
    seen,
    answer: initial,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request).catch(() => undefined)
    if (body === undefined) return
    seen.push(`${request.method} ${request.url}`)
    const answer = await upstream.answer({ method: request.method!, path: request.url!, body })
    if (answer === 'cut') response.destroy()
    else if (answer !== 'hang') {
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return upstream
}

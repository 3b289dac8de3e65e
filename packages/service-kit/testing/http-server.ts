import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { after } from 'node:test'

export interface Seen {
  method: string
  path: string
  headers: IncomingMessage['headers']
  rawHeaders: string[]
  body: string
}

/** Listens on a free port, or on `port`, until the tests of the file are done. */
export async function listen(server: Server, port = 0) {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  after(close)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

/**
 * An HTTP server that records what it gets and answers with `answer`, which may be exchanged; it gets the request when its
 * body has arrived.
 */
export async function startServer(answer: (seen: Seen, response: ServerResponse) => unknown, port = 0) {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => undefined)
    if (body === undefined) return
    const { method, url, headers, rawHeaders } = request
    seen.push({ method: method!, path: url!, headers, rawHeaders, body })
    await started.answer(seen.at(-1)!, response)
  })
  const started = { seen, answer, ...(await listen(server, port)) }
  return started
}

/** A server that does with each connection what `behave` does. */
export async function startTcpServer(behave: (socket: Socket) => void) {
  return listen(createTcpServer(behave))
}

/** A URL on which nothing listens. */
export async function unusedUrl(): Promise<string> {
  const { url, close } = await listen(createTcpServer())
  await close()
  return url
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  response.end(text)
}

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface RawAnswer {
  /** The final status of each answer, in order; informational ones are left out. */
  statuses: number[]
  /** All that came, headers and bodies. */
  text: string
  /** Whether the server ended the connection. */
  closed: boolean
}

/** Silence after an answer that is taken for its end, and the longest wait for any, in milliseconds. */
const quiet = 100
const patience = 8000

const statusLine = /HTTP\/1\.1 (\d{3}) /g

/**
 * Sends bytes as they are, piece by piece, and reads until the server ends the connection, or is silent after `answers` of them.
 *
 * @param url whose host and port are connected to
 */
export async function exchange(
  url: string,
  pieces: string | Buffer | (string | Buffer)[],
  answers = 1,
): Promise<RawAnswer> {
  const socket = open(url)
  const received: Buffer[] = []
  let last = Date.now()
  let closed = false
  socket.on('data', (chunk) => {
    received.push(chunk)
    last = Date.now()
  })
  socket.on('close', () => {
    closed = true
  })
  await once(socket, 'connect')
  for (const piece of [pieces].flat()) {
    if (socket.writable) socket.write(piece)
    await delay(2)
  }
  const read = () => {
    const text = Buffer.concat(received).toString('latin1')
    const statuses = [...text.matchAll(statusLine)].map(([, status]) => Number(status))
    return { text, statuses: statuses.filter((status) => status >= 200), closed }
  }
  for (const deadline = Date.now() + patience; !closed && Date.now() < deadline; await delay(10)) {
    if (Date.now() - last > quiet && read().statuses.length >= answers) break
  }
  socket.destroy()
  return read()
}

/** A connection to where a URL leads. That the server ends it is no error. */
export function open(url: string): Socket {
  const { hostname, port } = new URL(url)
  return connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname).on('error', () => {})
}

/** A request of these lines, with `Host` unless they have one, and an empty line at the end. */
export function request(start: string, ...headers: string[]): string {
  const host = headers.some((header) => /^host\s*:/i.test(header)) ? [] : ['Host: localhost']
  return `${[start, ...host, ...headers].join('\r\n')}\r\n\r\n`
}

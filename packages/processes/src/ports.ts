import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Whether a port of an address cannot be listened on. */
export function isPortTaken(port: number, address = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen(port, address, () => server.close(() => resolve(false)))
  })
}

/** Below what operating systems give to outgoing connections, so that none of those takes a port before its server does. */
const [lowest, highest] = [20_000, 32_000]

const given = new Set<number>()

/** A port that is free now and that this process got only once; at random, so that test files side by side do not meet. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest)
    if (given.has(port) || (await isPortTaken(port))) continue
    given.add(port)
    return port
  }
}

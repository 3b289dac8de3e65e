import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Whether something listens on a port of 127.0.0.1. */
export function isPortTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)))
  })
}

/** Below what operating systems give to outgoing connections, so that none of those takes a port before its server does. */
const [lowest, highest] = [20_000, 32_000]

/** A port that is free now; at random, so that test files side by side do not choose the same. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest)
    if (!(await isPortTaken(port))) return port
  }
}

import { fileURLToPath } from 'node:url'

export const checkout = fileURLToPath(new URL('..', import.meta.url))

/** Like all ports of the design below what systems give to outgoing connections. */
export const postgresPort = 15_432
export const signalsPorts = { grpcPort: 4317, httpPort: 4318, apiPort: 4319 }

/** What keeps a service of a few requests a second small (bench/local-start.ts shows the sum). */
export const nodeMemory = {
  flags: ['--max-semi-space-size=4', '--import', new URL('compact-heap.ts', import.meta.url).href],
  env: { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' },
}

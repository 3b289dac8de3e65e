/** What keeps a service of a few requests a second small (bench/local-start.ts shows the sum). */
export const nodeMemory = {
  flags: [
    '--max-semi-space-size=4',
    // As much as in a pod: what leaks is told of before the machine is full.
    '--max-old-space-size=256',
    '--import',
    new URL('compact-heap.ts', import.meta.url).href,
  ],
  env: { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' },
}

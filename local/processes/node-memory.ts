/** What keeps a service of a few requests a second small (bench/local-start.ts shows the sum). */
export const nodeMemory = {
  flags: ['--max-semi-space-size=4', '--import', new URL('compact-heap.ts', import.meta.url).href],
  env: { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' },
}

import { spawnSync } from 'node:child_process'

const stack = ['prometheus', 'alertmanager', 'loki', 'promtail', 'jaeger-all-in-one', 'postgres_exporter']

/** For node:test: why what needs the stack's programs and these is skipped, or false. */
export function missingPrograms(...more: string[]): string | false {
  const missing = [...stack, ...more].filter((program) => spawnSync(program, ['--version']).error)
  return missing.length > 0 && `not on this machine: ${missing.join(', ')} (make tools STACK=1)`
}

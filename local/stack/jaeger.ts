import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { checkout } from '../processes/checkout.ts'
import type { StackProgram, StackSurroundings } from './stack-program.ts'

/** As many traces as charts/observability lets it keep. */
function maxTraces(): number {
  return parse(readFileSync(join(checkout, 'charts/observability/values.yaml'), 'utf8')).jaeger.maxTraces
}

/** Jaeger as one process, with its traces in memory. */
export function jaeger({ stack }: StackSurroundings): StackProgram {
  const { http, admin, otlpGrpc, otlpHttp } = stack.ports['jaeger-all-in-one']
  const listeners = {
    'query.http-server': http,
    'admin.http': admin,
    'collector.otlp.grpc': otlpGrpc,
    'collector.otlp.http': otlpHttp,
    // Nobody asks at these, which cannot be turned off: any free port.
    'query.grpc-server': 0,
    'collector.grpc-server': 0,
    'collector.http-server': 0,
  }
  return {
    args: [
      ...Object.entries(listeners).map(([name, port]) => `--${name}.host-port=127.0.0.1:${port}`),
      `--memory.max-traces=${maxTraces()}`,
      '--log-level=warn',
    ],
    env: { SPAN_STORAGE_TYPE: 'memory' },
    readyUrl: `http://127.0.0.1:${admin}/`,
  }
}

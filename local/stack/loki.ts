import { join } from 'node:path'
import { stringify } from 'yaml'
import { chartValues, withoutNull } from './chart-values.ts'
import type { StackProgram, StackSurroundings } from './stack-program.ts'

/**
 * Loki's configuration as one process on this machine, set as in the cluster.
 *
 * @param data the folder in which it keeps what it has
 */
export function lokiConfiguration(data: string, { http, grpc }: { http: number; grpc: number }) {
  const { analytics, compactor, limits_config, schema_config } = chartValues('loki-stack').loki.config
  return {
    auth_enabled: false,
    analytics,
    server: {
      http_listen_address: '127.0.0.1',
      http_listen_port: http,
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: grpc,
      log_level: 'warn',
    },
    common: {
      path_prefix: data,
      replication_factor: 1,
      instance_addr: '127.0.0.1',
      ring: { instance_addr: '127.0.0.1', kvstore: { store: 'inmemory' } },
      storage: { filesystem: { chunks_directory: join(data, 'chunks'), rules_directory: join(data, 'rules') } },
    },
    // Nobody else joins the ring: not the default of 15 s until it is ready.
    ingester: { lifecycler: { min_ready_duration: '0s', final_sleep: '0s' } },
    schema_config,
    limits_config: withoutNull(limits_config),
    compactor: { ...withoutNull(compactor), working_directory: join(data, 'compactor') },
  }
}

/** Loki as a program of the stack. */
export function loki({ folder, stack }: StackSurroundings): StackProgram {
  return {
    args: [`-config.file=${join(folder, 'loki.yaml')}`],
    files: { 'loki.yaml': stringify(lokiConfiguration(join(folder, 'data'), stack.ports.loki)) },
    readyUrl: `http://127.0.0.1:${stack.ports.loki.http}/ready`,
  }
}

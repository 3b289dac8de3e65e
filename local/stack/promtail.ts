import { join } from 'node:path'
import { stringify } from 'yaml'
import { podLabels, postgresPod } from '../shop/pod.ts'
import { chartValues } from './chart-values.ts'
import { logFolder } from './log-files.ts'
import type { StackProgram, StackSurroundings } from './stack-program.ts'

/** Promtail, which sends the lines of the shop's processes through the stages of the cluster's, under the labels that it has there. */
export function promtail({ folder, plan, stack }: StackSurroundings): StackProgram {
  const { pipelineStages } = chartValues('loki-stack').promtail.config.snippets
  const pods = [postgresPod, ...plan.replicas.map(podLabels)]
  const configuration = {
    server: {
      http_listen_address: '127.0.0.1',
      http_listen_port: stack.ports.promtail.http,
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: 0,
      log_level: 'warn',
    },
    clients: [{ url: `http://127.0.0.1:${stack.ports.loki.http}/loki/api/v1/push` }],
    positions: { filename: join(folder, 'positions.yaml') },
    scrape_configs: [
      {
        job_name: 'kubernetes-pods',
        pipeline_stages: pipelineStages,
        static_configs: pods.map((labels) => ({
          targets: ['localhost'],
          labels: {
            ...labels,
            job: `${labels.namespace}/${labels.app}`,
            __path__: join(logFolder(folder, labels.pod), '*.log'),
          },
        })),
      },
    ],
  }
  return {
    args: [`-config.file=${join(folder, 'promtail.yaml')}`],
    files: { 'promtail.yaml': stringify(configuration) },
    readyUrl: `http://127.0.0.1:${stack.ports.promtail.http}/ready`,
  }
}

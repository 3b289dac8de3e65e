import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { read } from '../../cluster/src/command.ts'
import { portMappings } from '../../cluster/src/kind-cluster.ts'
import { runStep } from '../../cluster/src/step.ts'

const root = join(import.meta.dirname, '../..')

const containerPort = (hostPort: number): number =>
  portMappings.find((mapping) => mapping.hostPort === hostPort)!.containerPort

/** The Services that the real charts' values make NodePorts, by the host port that reaches them. */
const nodePorts: [namespace: string, service: string, port: number][] = [
  ['monitoring', 'kube-prometheus-stack-prometheus', 9090],
  ['monitoring', 'kube-prometheus-stack-alertmanager', 9093],
  ['monitoring', 'loki', 3100],
  ['observability', 'jaeger-query', 16686],
]

/** Gives Promtail the pipeline of observability-values/loki-stack.yaml, so that the shop's own is what is tested. */
async function configurePromtail(kubectl: string[]) {
  const values = parse(readFileSync(join(root, 'observability-values/loki-stack.yaml'), 'utf8'))
  const name = ['-n', 'monitoring', 'configmap/loki-promtail']
  const config = parse(await read('kubectl', [...kubectl, 'get', ...name, '-o', 'jsonpath={.data.promtail\\.yaml}']))
  config.scrape_configs[0].pipeline_stages = values.promtail.config.snippets.pipelineStages
  const patch = JSON.stringify({ data: { 'promtail.yaml': stringify(config) } })
  await read('kubectl', [...kubectl, 'patch', ...name, '--type=merge', '-p', patch])
}

/** Starts Docker where it does not run, and makes what the shop's images are built with. */
export function makeBaseImages(folder: string): Promise<void> {
  return runStep({
    title: 'Make BuildKit and the base images',
    commands: [[join(folder, 'buildx')], [join(folder, 'images/base')]],
  })
}

/**
 * Installs the observability stack from programs that were built here, under the names, ports and labels that the real charts of
 * observability-values/ give. Grafana and the operators of Jaeger and cert-manager have no stand-in.
 */
export async function installStandIns(folder: string, cluster: string): Promise<void> {
  const kubectl = ['--context', `kind-${cluster}`]
  await runStep({
    title: 'Install the stand-ins of the observability stack',
    commands: [
      [join(folder, 'stack/up'), cluster],
      ...nodePorts.map(([namespace, service, port]): [string, ...string[]] => {
        const spec = { type: 'NodePort', ports: [{ port, nodePort: containerPort(port) }] }
        return ['kubectl', ...kubectl, '-n', namespace, 'patch', 'service', service, '-p', JSON.stringify({ spec })]
      }),
    ],
    cluster: { context: `kind-${cluster}`, namespace: 'monitoring' },
  })
  await configurePromtail(kubectl)
  await runStep({
    title: 'Load the images of the database',
    commands: [
      ['kubectl', ...kubectl, '-n', 'monitoring', 'rollout', 'restart', 'daemonset/loki-promtail'],
      [
        'kind',
        'load',
        'docker-image',
        '--name',
        cluster,
        'postgres:18-bookworm',
        'quay.io/prometheuscommunity/postgres-exporter:v0.19.1',
      ],
    ],
  })
}

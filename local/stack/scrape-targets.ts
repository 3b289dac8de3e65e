import type { StackProgramName } from '../shop/designed-ports.ts'
import type { Plan, StackPlan } from '../shop/plan.ts'
import { podLabels } from '../shop/pod.ts'
import { chartValues } from './chart-values.ts'

/** What a ServiceMonitor makes of the pods that it selects. */
interface ScrapeJob {
  /** As the Prometheus operator calls the scrape pool: `serviceMonitor/<namespace>/<monitor>/<endpoint>`. */
  name: string
  targets: { address: string; labels: Record<string, string> }[]
  /** What it changes of the series, as a ServiceMonitor has it. */
  metricRelabelings?: Record<string, unknown>[]
}

const jobName = (namespace: string, monitor: string) => `serviceMonitor/${namespace}/${monitor}/0`

interface MonitoredProgram {
  namespace: string
  monitor: string
  /** The label that the operator takes from the Service. */
  job: string
  container: string
  endpoint: string
  /** Which of its ports has the metrics. */
  port?: string
  labels?: Record<string, string>
  metricRelabelings?: Record<string, unknown>[]
}

/** The operator's names of what the charts of `make up` bring. */
const monitored: Record<StackProgramName, MonitoredProgram> = {
  prometheus: {
    namespace: 'monitoring',
    monitor: 'kube-prometheus-stack-prometheus',
    job: 'kube-prometheus-stack-prometheus',
    container: 'prometheus',
    endpoint: 'http-web',
  },
  alertmanager: {
    namespace: 'monitoring',
    monitor: 'kube-prometheus-stack-alertmanager',
    job: 'kube-prometheus-stack-alertmanager',
    container: 'alertmanager',
    endpoint: 'http-web',
  },
  loki: { namespace: 'monitoring', monitor: 'loki', job: 'loki', container: 'loki', endpoint: 'http-metrics' },
  promtail: {
    namespace: 'monitoring',
    monitor: 'loki-promtail',
    job: 'loki-promtail',
    container: 'promtail',
    endpoint: 'http-metrics',
    metricRelabelings: chartValues('loki-stack').promtail.serviceMonitor.metricRelabelings,
  },
  'jaeger-all-in-one': {
    namespace: 'observability',
    monitor: 'jaeger',
    job: 'jaeger-collector',
    container: 'jaeger',
    endpoint: 'admin-http',
    port: 'admin',
  },
  grafana: {
    namespace: 'monitoring',
    monitor: 'kube-prometheus-stack-grafana',
    job: 'kube-prometheus-stack-grafana',
    container: 'grafana',
    endpoint: 'http-web',
  },
  postgres_exporter: {
    namespace: 'shop',
    monitor: 'postgres',
    job: 'postgres-exporter',
    container: 'exporter',
    endpoint: 'metrics',
    labels: { app: 'postgres' },
  },
  node_exporter: {
    namespace: 'monitoring',
    monitor: 'kube-prometheus-stack-prometheus-node-exporter',
    job: 'node-exporter',
    container: 'node-exporter',
    endpoint: 'http-metrics',
  },
}

function serviceJobs({ replicas }: Plan): ScrapeJob[] {
  const byService = Map.groupBy(replicas, ({ definition }) => definition.name)
  return [...byService].map(([service, list]) => ({
    name: jobName(podLabels(list[0]!).namespace, service),
    targets: list.map((replica) => ({
      address: new URL(replica.managementUrl).host,
      labels: { ...podLabels(replica), service, job: service, endpoint: 'management' },
    })),
  }))
}

function programJob(name: StackProgramName, ports: Record<string, number>): ScrapeJob {
  const { namespace, monitor, job, container, endpoint, port = 'http', labels } = monitored[name]
  const address = `127.0.0.1:${ports[port]}`
  return {
    name: jobName(namespace, monitor),
    targets: [{ address, labels: { namespace, pod: `${job}-0`, container, service: job, job, endpoint, ...labels } }],
    metricRelabelings: monitored[name].metricRelabelings ?? [],
  }
}

/** Everything that is scraped, under the names and with the labels that it has in the cluster. */
export function scrapeJobs(plan: Plan, { programs, ports }: StackPlan): ScrapeJob[] {
  const found = Object.keys(programs) as StackProgramName[]
  return [...serviceJobs(plan), ...found.map((name) => programJob(name, ports[name]))]
}

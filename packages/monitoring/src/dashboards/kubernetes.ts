import { dashboard } from '../dashboard.ts'
import { logs, runbook, seriesLabel, toDashboard } from '../links.ts'
import { stat, timeSeries, type Unit } from '../panels.ts'
import { memoryShareOfLimit, memoryUse, processorUse, selector } from '../queries.ts'

const app = '$service'
const range = '$__rate_interval'
const container = '{{container}}'
const ofContainer = [
  toDashboard('service', { service: seriesLabel('container') }),
  logs(`Logs of ${seriesLabel('container')}`, `app="${seriesLabel('container')}"`),
]
const errors = logs('Errors in the logs', 'level=~"error|fatal"')
const filledBy = 'kubernetes'

const chart = (
  title: string,
  description: string,
  unit: Unit,
  expr: string,
  legend: string,
  links = [errors],
  max?: number,
) =>
  timeSeries({
    title,
    description,
    unit,
    queries: [{ expr, legend }],
    links,
    filledBy,
    ...(max !== undefined && { max }),
  })

/** What Kubernetes makes of the shop, and how its nodes are. */
export const kubernetes = dashboard('kubernetes', 'What Kubernetes makes of the shop, and how its nodes are.', [
  {
    title: 'Workloads',
    height: 8,
    panels: [
      timeSeries({
        title: 'Replicas missing',
        description:
          'Of those that a Deployment is to have, those that are not available. A rollout shows for a moment.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (deployment) (kube_deployment_spec_replicas${selector()}) - sum by (deployment) (kube_deployment_status_replicas_available${selector()})`,
            legend: '{{deployment}}',
          },
        ],
        links: [errors, runbook('ShopRolloutStuck'), runbook('ShopServiceDown')],
        filledBy,
      }),
      stat({
        title: 'Containers ready',
        description: 'Of each name; a database is counted by its own containers, not by those of its exporter.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (container) (kube_pod_container_status_ready${selector(`container=~"${app}"`)})`,
            legend: container,
          },
        ],
        links: [...ofContainer, runbook('ShopServiceDown')],
        filledBy,
      }),
      stat({
        title: 'Restarts',
        description: 'Of containers, in the time shown.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (container) (increase(kube_pod_container_status_restarts_total${selector(`container=~"${app}"`)}[$__range]))`,
            legend: container,
          },
        ],
        links: [...ofContainer, runbook('ShopContainerRestarts')],
        filledBy,
      }),
      chart(
        'Pods by phase',
        'Pending and Failed are worth a look.',
        'none',
        `sum by (phase) (kube_pod_status_phase${selector()}) > 0`,
        '{{phase}}',
      ),
    ],
  },
  {
    title: 'Containers',
    height: 8,
    panels: [
      chart(
        'Processor',
        'Cores in use, all pods of a service together.',
        'cores',
        processorUse(app, range),
        container,
        [...ofContainer, runbook('ShopCpuThrottled')],
      ),
      chart('Memory', 'Working set, all pods of a service together.', 'bytes', memoryUse(app), container, ofContainer),
      chart(
        'Memory of its limit',
        'At 100 % the kernel kills the container. The fullest pod of each service.',
        'percentunit',
        memoryShareOfLimit(app),
        container,
        [...ofContainer, runbook('ShopContainerOomKilled')],
        1,
      ),
    ],
  },
  {
    title: 'Nodes',
    height: 8,
    panels: [
      chart(
        'Processor of nodes',
        'Share that is not idle.',
        'percentunit',
        `1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[${range}]))`,
        '{{instance}}',
        [errors],
        1,
      ),
      chart(
        'Memory of nodes',
        'Share that is not available to new programs.',
        'percentunit',
        '1 - max by (instance) (node_memory_MemAvailable_bytes{}) / max by (instance) (node_memory_MemTotal_bytes{})',
        '{{instance}}',
        [errors],
        1,
      ),
      chart(
        'Disks of nodes',
        'Share that is full, of the fullest file system.',
        'percentunit',
        'max by (instance) (1 - node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs"} / node_filesystem_size_bytes{fstype!~"tmpfs|ramfs"})',
        '{{instance}}',
        [errors],
        1,
      ),
      chart(
        'Load of nodes',
        'Programs that run or want to, averaged over a minute.',
        'short',
        'max by (instance) (node_load1{})',
        '{{instance}}',
      ),
    ],
  },
])

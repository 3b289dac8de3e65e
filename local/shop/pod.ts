import { hostname } from 'node:os'
import { namespace } from '@hello/monitoring/shared-names'
import type { Replica } from './plan.ts'

/** What the cluster's labels say of a service's pod, for the process that stands for it on this machine. */
export const podLabels = ({ name, definition }: Pick<Replica, 'name' | 'definition'>) => ({
  namespace,
  app: definition.name,
  pod: name,
  container: definition.name,
})

/** The same for PostgreSQL's server. */
export const postgresPod = { namespace, app: 'postgres', pod: 'postgres-0', container: 'postgres' }

/** OTEL_RESOURCE_ATTRIBUTES as charts/service sets it. */
export function resourceAttributes(replica: Replica): string {
  const { pod, container } = podLabels(replica)
  return Object.entries({
    'service.instance.id': `${namespace}.${pod}.${container}`,
    'k8s.namespace.name': namespace,
    'k8s.pod.name': pod,
    'k8s.node.name': hostname(),
    'k8s.deployment.name': container,
    'k8s.container.name': container,
  })
    .map((pair) => pair.join('='))
    .join()
}

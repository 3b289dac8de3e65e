import type { Variable } from './dashboard.ts'
import { chartNames } from './names.ts'
import { datasource } from './panels.ts'
import { type dashboards, entryService } from './shared-names.ts'

export type VariableName = (typeof dashboards)[keyof typeof dashboards]['variables'][number]

const served = 'http_server_request_duration_seconds_count'

/** A choice among the values of a label, of one. */
const choice = (name: VariableName, label: string, query: string, chosen: string): Variable => ({
  name,
  label,
  type: 'query',
  datasource: datasource('prometheus'),
  query: { query, refId: 'variable' },
  definition: query,
  refresh: 2,
  sort: 1,
  includeAll: false,
  multi: false,
  allValue: null,
  current: { text: chosen, value: chosen },
})

/** A choice of some or all; a regular expression in queries. */
const choices = (name: VariableName, label: string, query: string): Variable => ({
  ...choice(name, label, query, ''),
  includeAll: true,
  multi: true,
  // As `.+`, whose + would be a space in the address of a link.
  allValue: '..*',
  current: { text: ['All'], value: ['$__all'] },
})

const ofService = (metric: string) => `label_values(${metric}{namespace="$namespace"}, app)`

/**
 * The variables of a dashboard.
 *
 * @param names which
 * @param service the one that is shown at first where only one can be; else any number of them can be chosen
 */
export function variables(names: readonly VariableName[], service?: string): Variable[] {
  const all: Record<VariableName, Variable> = {
    namespace: choice('namespace', 'Namespace', `label_values(${served}, namespace)`, chartNames.namespace),
    service: service
      ? choice('service', 'Service', ofService(served), service)
      : choices('service', 'Service', ofService(served)),
    route: choices('route', 'Route', `label_values(${served}{namespace="$namespace", app="$service"}, http_route)`),
    objective: choices(
      'objective',
      'Objective',
      'label_values(objective:budget:ratio{namespace="$namespace"}, objective)',
    ),
    traces: choice('traces', 'Traces of', ofService(served), entryService),
  }
  return names.map((name) => all[name])
}

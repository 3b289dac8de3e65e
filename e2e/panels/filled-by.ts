import type { PanelQuery } from '@hello/monitoring/panel-queries'
import type { State } from '@hello/monitoring/panels'
import type { RunbookQuery } from './runbook-queries.ts'

/** States that only a cluster has; e2e/cluster/dashboards.test.ts runs what they fill. */
export const clusterStates = new Set<PanelQuery['filledBy']>(['kubernetes'])

/** States that a service that is gone brings about. */
export const outageStates = new Set<PanelQuery['filledBy']>(['alert', 'error'])

/** What has to be there before a query of a runbook has an answer, by what stands in it; the first that fits. */
const states: [pattern: RegExp, state: State][] = [
  [/\b(kube|container|kubelet)_/, 'kubernetes'],
  [/error_type=~"5|http_client_retries_total/, 'error'],
]

/** What has to be there, besides a shop that is well and used, before the query has an answer. */
export const stateOf = ({ query }: RunbookQuery): State | undefined =>
  states.find(([pattern]) => pattern.test(query))?.[1]

/** Queries that name what is wrong, and nothing where nothing is; that they run is all that is held. */
export const emptyWhenWell = ({ query }: RunbookQuery): boolean => /(>|>=|==|<) [\d.e]+$/.test(query)

/** Log lines that come only when something happens. */
export const namesAnEvent: RegExp = /level=|\|=/

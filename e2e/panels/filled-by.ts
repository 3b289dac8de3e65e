import type { PanelQuery } from '@hello/monitoring/panel-queries'
import { states as allStates, type State } from '@hello/monitoring/panels'
import type { DocumentQuery } from './document-queries.ts'

/** States that only a cluster has; e2e/cluster/dashboards.test.ts runs what they fill. */
export const clusterStates = new Set<PanelQuery['filledBy']>(['kubernetes', 'collector', 'browser'])

/** What only a shop with a healer has; e2e/panels/healer.ts brings it about. */
export const healerStates = new Set<PanelQuery['filledBy']>(['healer'])

/** States that a service that is gone brings about. */
export const outageStates = new Set<PanelQuery['filledBy']>(['alert', 'error'])

/** What has to be there before a query of a page has an answer of which no comment tells, by what stands in it; the first that fits. */
const states: [pattern: RegExp, state: State][] = [
  [/\b(kube|container|kubelet)_/, 'kubernetes'],
  [/\botelcol_/, 'collector'],
  [/\bshop_healer_/, 'healer'],
  [/error_type=~"5|http_client_retries_total/, 'error'],
]

/** What has to be there, besides a shop that is well and used, before the query has an answer. */
export const stateOf = ({ query, filledBy }: DocumentQuery): State | undefined =>
  filledBy === undefined
    ? states.find(([pattern]) => pattern.test(query))?.[1]
    : Object.keys(allStates).find((state): state is State => state === filledBy)

/** The fault that has to be on before the query has an answer: `<!-- filled by: fault slow-product -->`. */
export const faultOf = ({ filledBy }: DocumentQuery): string | undefined => /^fault (\S+)$/.exec(filledBy ?? '')?.[1]

/** Queries of runbooks that have no answer in a cluster that is well, by what stands in them, and when they have one; that they run is held. */
const rarelyFilled: [pattern: RegExp, when: string][] = [
  [/(>|>=|==|<) [\d.e]+$/, 'something is wrong, which they name'],
  [/\botelcol_/, 'there is a Collector, and it drops something'],
  [/kube_job_failed|kube_cronjob_status_last_successful_time/, 'a backup has run'],
  [/kube_pod_container_status_last_terminated_reason/, 'a container has ended'],
  [/kubelet_volume_stats_/, 'the volumes are of a driver that tells their size, as that of kind does not'],
]

export const emptyWhenWell = ({ query, page }: DocumentQuery): boolean =>
  page.includes('/runbooks/') && rarelyFilled.some(([pattern]) => pattern.test(query))

/** Log lines that come only when something happens. */
export const namesAnEvent: RegExp = /level=|\|=/

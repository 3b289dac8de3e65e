import { chartNames } from './names.ts'

/** HTTP server metrics by the OpenTelemetry semantic conventions: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
const duration = 'http_server_request_duration_seconds'

/** Of the dashboard's namespace. */
export const selector = (...matchers: string[]): string => `{${['namespace="$namespace"', ...matchers].join(', ')}}`

const serverError = 'http_response_status_code=~"5.."'
/** A client that gives up gets no answer, so it makes the share of the bad ones neither greater nor smaller. */
const answered = 'http_response_status_code!=""'

/** Requests a second by service, answered or not. `app` is a regular expression; `range` a duration such as `5m` or `$__rate_interval`. */
export const requestRate = (app: string, range: string): string =>
  `sum by (app) (rate(${duration}_count${selector(`app=~"${app}"`)}[${range}]))`

/** Share of a service's answers that were a 5xx, 0 to 1 by service; 0, not nothing, for a service without any. */
export const errorRatio = (app: string, range: string): string => {
  const all = `sum by (app) (rate(${duration}_count${selector(`app=~"${app}"`, answered)}[${range}]))`
  const failed = `sum by (app) (rate(${duration}_count${selector(`app=~"${app}"`, serverError)}[${range}]))`
  return `(${failed} or 0 * ${all}) / ${all}`
}

/** A quantile (0 to 1) of the time to answer, or until the client gave up, in seconds by service. */
export const responseTime = (quantile: number, app: string, range: string): string =>
  `histogram_quantile(${quantile}, sum by (app, le) (rate(${duration}_bucket${selector(`app=~"${app}"`)}[${range}])))`

/** Pods that answer Prometheus, by service. The exporter that has PostgreSQL's name is no pod of the database. */
export const podsUp = (app: string): string =>
  `sum by (app) (up${selector(`app=~"${app}"`, `app!="${chartNames.database}"`)})`

/** How strong each fault is that was injected on purpose, above 0 to 1, by the service that it breaks. */
export const activeFaults: string = `max by (fault, app) (shop_fault_active${selector()}) > 0`

/** What the healer did, or would have done, within a time. */
export const healingActions = (range: string): string =>
  `sum by (action, outcome) (increase(shop_healer_actions_total${selector()}[${range}])) > 0`

/** Processor cores in use, by service (its container has its name). */
export const processorUse = (app: string, range: string): string =>
  `sum by (container) (rate(container_cpu_usage_seconds_total${selector(`container=~"${app}"`)}[${range}]))`

/** Resident memory that the kernel cannot take back, in bytes by service. */
export const memoryUse = (app: string): string =>
  `sum by (container) (container_memory_working_set_bytes${selector(`container=~"${app}"`)})`

/** Memory in use as a share (0 to 1) of the limit at which the kernel kills the container; the highest of a service's pods. */
export const memoryShareOfLimit = (app: string): string => {
  const limit = `kube_pod_container_resource_limits${selector(`container=~"${app}"`, 'resource="memory"')}`
  return `max by (container) (container_memory_working_set_bytes${selector(`container=~"${app}"`)} / on (namespace, pod, container) ${limit})`
}

/** Log lines a second by level. */
export const linesByLevel = (app: string, range: string): string =>
  `sum by (level) (rate(${selector(`app=~"${app}"`, 'level=~".+"')}[${range}]))`

/** The lines that report an error. */
export const errorLines = (app: string): string => selector(`app=~"${app}"`, 'level=~"error|fatal"')

/** Checkpoints of PostgreSQL that were made because the log was full, or when they were due. Until PostgreSQL 16 the background writer counted them. */
export function checkpointsMade(why: 'requested' | 'timed', matchers: string, window: string): string {
  const before = { requested: 'req', timed: 'timed' }[why]
  const count = (metric: string) => `sum by (app) (increase(${metric}${matchers}[${window}]))`
  return `(${count(`pg_stat_checkpointer_num_${why}_total`)} or ${count(`pg_stat_bgwriter_checkpoints_${before}_total`)})`
}

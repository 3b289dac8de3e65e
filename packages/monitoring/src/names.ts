/** What the rules call things, which differs from cluster to cluster. */
export interface Names {
  /** Namespace of the shop, in series, log lines and routes. */
  namespace: string
  /** What the addresses of runbooks start with. */
  runbooks: string
  /** Address of Grafana. */
  grafana: string
}

/** The names of a cluster that `make up` makes. */
export const ownNames: Names = {
  namespace: 'shop',
  runbooks: 'https://github.com/hello-observability/hello-observability/blob/main/docs/en/runbooks',
  grafana: 'http://localhost:3000',
}

/** The words in the chart's files for which its template puts values (`_helpers.tpl`, observability.fill). */
export const chartNames: Names = { namespace: 'SHOP_NAMESPACE', runbooks: 'RUNBOOKS', grafana: 'GRAFANA' }

/** A datasource of Grafana: the id by which dashboards find it, and its address as Grafana's server reaches it. */
interface Datasource {
  uid: string
  url: string
}

/** What rules, dashboards and datasources call things, which differs from cluster to cluster. */
export interface Names {
  /** Namespace of the shop, in series, log lines and routes. */
  namespace: string
  /** What the addresses of runbooks start with. */
  runbooks: string
  /** Address of Grafana. */
  grafana: string
  prometheus: Datasource
  loki: Datasource
  jaeger: Datasource
}

/** The names of a cluster that `make up` makes, as they are on the machine that it runs on. */
export const ownNames: Names = {
  namespace: 'shop',
  runbooks: 'https://github.com/hello-observability/hello-observability/blob/main/docs/en/runbooks',
  grafana: 'http://localhost:3000',
  prometheus: { uid: 'prometheus', url: 'http://localhost:9090' },
  loki: { uid: 'loki', url: 'http://localhost:3100' },
  jaeger: { uid: 'jaeger', url: 'http://localhost:16686' },
}

/** The words in the chart's files for which its template puts values (`_helpers.tpl`, observability.fill). */
export const chartNames: Names = {
  namespace: 'SHOP_NAMESPACE',
  runbooks: 'RUNBOOKS',
  grafana: 'GRAFANA',
  prometheus: { uid: 'PROMETHEUS_UID', url: 'PROMETHEUS_URL' },
  loki: { uid: 'LOKI_UID', url: 'LOKI_URL' },
  jaeger: { uid: 'JAEGER_UID', url: 'JAEGER_URL' },
}

const listed = ({ namespace, runbooks, grafana, prometheus, loki, jaeger }: Names): string[] => [
  namespace,
  runbooks,
  grafana,
  ...[prometheus, loki, jaeger].flatMap(({ uid, url }) => [uid, url]),
]

/**
 * Puts names for the words of `chartNames` in a file of charts/observability/generated, as the chart does.
 *
 * @param text the file's content
 * @param names what things are called where it is going to be read
 */
export function filled(text: string, names: Names): string {
  const values = listed(names)
  const pattern = new RegExp(listed(chartNames).join('|'), 'g')
  return text.replace(pattern, (word) => values[listed(chartNames).indexOf(word)]!)
}

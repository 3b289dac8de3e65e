import type { Severity } from './severity.ts'

/** A datasource of Grafana: the id by which dashboards find it, and its address as Grafana's server reaches it. */
interface Datasource {
  uid: string
  url: string
}

interface Loki extends Datasource {
  /** Whose lines are asked for (`X-Scope-OrgID`); a Loki that knows no tenants takes no notice. */
  tenant: string
}

/** What rules, their routes, dashboards and datasources call things, which differs from cluster to cluster. */
export interface Names {
  /** Namespace of the shop, in series, log lines and routes. */
  namespace: string
  /** Namespaces of which the alerts of all rules, also of others', go the shop's way; the shop's among them. */
  routedNamespaces: string[]
  /** Label of every alert of the shop, by which one explains another. */
  team: string
  /** What the label `severity` says. */
  severities: Record<Severity, string>
  /** The release of charts/postgres, whose exporter has a monitor beside the services. */
  database: string
  /** What the addresses of runbooks start with. */
  runbooks: string
  /** Address of Grafana. */
  grafana: string
  prometheus: Datasource
  loki: Loki
  jaeger: Datasource
}

/** The names of a cluster that `make up` makes, as they are on the machine that it runs on. */
export const ownNames: Names = {
  namespace: 'shop',
  routedNamespaces: ['shop', 'monitoring', 'observability'],
  team: 'shop',
  severities: { critical: 'critical', warning: 'warning', info: 'info' },
  database: 'postgres',
  runbooks: 'https://github.com/hello-observability/hello-observability/blob/main/docs/en/runbooks',
  grafana: 'http://localhost:3000',
  prometheus: { uid: 'prometheus', url: 'http://localhost:9090' },
  loki: { uid: 'loki', url: 'http://localhost:3100', tenant: 'shop' },
  jaeger: { uid: 'jaeger', url: 'http://localhost:16686' },
}

/** The words in the chart's files for which its template puts values (`_helpers.tpl`, observability.fill). */
export const chartNames: Names = {
  namespace: 'SHOP_NAMESPACE',
  routedNamespaces: ['ROUTED_NAMESPACES'],
  team: 'TEAM_LABEL',
  severities: { critical: 'SEVERITY_CRITICAL', warning: 'SEVERITY_WARNING', info: 'SEVERITY_INFO' },
  database: 'DATABASE_RELEASE',
  runbooks: 'RUNBOOKS',
  grafana: 'GRAFANA',
  prometheus: { uid: 'PROMETHEUS_UID', url: 'PROMETHEUS_URL' },
  loki: { uid: 'LOKI_UID', url: 'LOKI_URL', tenant: 'LOKI_TENANT' },
  jaeger: { uid: 'JAEGER_UID', url: 'JAEGER_URL' },
}

const listed = ({ severities, prometheus, loki, jaeger, ...names }: Names): string[] => [
  names.namespace,
  names.routedNamespaces.join('|'),
  names.team,
  severities.critical,
  severities.warning,
  severities.info,
  names.database,
  names.runbooks,
  names.grafana,
  ...[prometheus, loki, jaeger].flatMap(({ uid, url }) => [uid, url]),
  loki.tenant,
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

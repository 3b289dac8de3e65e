import type { Names } from './names.ts'
import type { Severity } from './severity.ts'
import { type DashboardName, dashboards } from './shared-names.ts'

/** A rule as Prometheus reads it: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
export interface AlertRule {
  alert: string
  expr: string
  for?: string
  labels: Record<string, string>
  annotations: Record<string, string>
}

/** A rule that writes down a series. */
export interface RecordingRule {
  record: string
  expr: string
  labels: Record<string, string>
}

export interface RuleGroup<Rule = AlertRule | RecordingRule> {
  name: string
  interval?: string
  rules: Rule[]
}

interface Alert {
  name: string
  /** None, as kube-prometheus-stack's own Watchdog has it: its InfoInhibitor silences what is `info` and alone. */
  severity: Severity | 'none'
  expr: string
  for?: string
  labels?: Record<string, string>
  /** Constant, so that it can be the title of a group. */
  summary: string
  /** What exactly, with the alert's labels and value. */
  description: string
  /** The service that it is about, or the template of the label that has it; the links lead to the whole shop without. */
  app?: string
  /** The dashboard that shows the cause; that of the service, or the overview without one. */
  dashboard?: DashboardName
  /** The objective that it is about, or the template of the label that has it. */
  objective?: string
  /** How far back its dashboard looks; an hour when undefined. */
  since?: string
}

/** The template of the label `app`. */
export const appLabel = '{{ $labels.app }}'

/** Escapes for a query of an address all but Prometheus' templates. */
const encode = (text: string): string =>
  text
    .split(/(\{\{.*?\}\})/)
    .map((part) => (part.startsWith('{{ $') ? part : encodeURIComponent(part)))
    .join('')

/** Grafana's Explore on the log lines of a service, or on the errors of all. */
function logsUrl({ grafana, namespace, loki }: Names, app: string | undefined): string {
  const own = app ? `app="${app}"` : 'level=~"error|fatal"'
  const pane = {
    datasource: loki.uid,
    queries: [{ refId: 'A', datasource: { type: 'loki', uid: loki.uid }, expr: `{namespace="${namespace}", ${own}}` }],
    range: { from: 'now-1h', to: 'now' },
  }
  return `${grafana}/explore?schemaVersion=1&panes=${encode(JSON.stringify({ logs: pane }))}`
}

/** The dashboard that shows the cause, on the service or the objective that the alert is about. */
function dashboardUrl(
  names: Names,
  {
    app,
    dashboard,
    objective,
    since = '1h',
  }: { app?: string | undefined; dashboard?: DashboardName; objective?: string; since?: string },
) {
  const { uid, variables } = dashboards[dashboard ?? (app ? 'service' : 'overview')]
  const values: Record<string, string | undefined> = { namespace: names.namespace, service: app, objective }
  const own = variables.flatMap((name) => (values[name] ? [`&var-${name}=${encode(values[name])}`] : []))
  return `${names.grafana}/d/${uid}?from=now-${since}&to=now${own.join('')}`
}

/** Makes an alert with the labels by which it is routed and the links by which it is understood. */
export function alertRule(names: Names, { name, severity, expr, labels, summary, description, app, ...rest }: Alert) {
  const { namespace, team, severities } = names
  return {
    alert: name,
    expr,
    ...(rest.for && { for: rest.for }),
    labels: { severity: severity === 'none' ? severity : severities[severity], team, namespace, ...labels },
    annotations: {
      summary,
      description,
      runbook_url: `${names.runbooks}/${name}.md`,
      dashboard_url: dashboardUrl(names, { app, ...rest }),
      logs_url: logsUrl(names, app),
    },
  } satisfies AlertRule
}

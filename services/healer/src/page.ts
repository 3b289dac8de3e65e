import type { GivenAlert, PostedAlert } from './alertmanager.ts'

/** The alert by which a person is paged. docs/en/runbooks/ShopHealerGaveUp.md says what to do. */
export const givingUp = 'ShopHealerGaveUp'

/** For how long Alertmanager keeps the page when it is not repeated, in milliseconds: the healer may have died. */
const pageLasts = 300_000

/** Labels by which the page is routed as the alert is, and shown with its service. */
const kept = ['namespace', 'team', 'app', 'datname']

/** Beside the runbook of the alert, wherever that is. */
const besides = (runbookUrl: string | undefined) =>
  runbookUrl && URL.canParse(runbookUrl) ? { runbook_url: new URL(`${givingUp}.md`, runbookUrl).href } : {}

/** The page about an alert that no action helped against. */
export function pageFor(alert: Pick<GivenAlert, 'labels' | 'annotations'>, why: string, now: number): PostedAlert {
  const { labels, annotations } = alert
  const own = kept.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]]))
  const links = ['dashboard_url', 'logs_url'].flatMap((name) => (annotations[name] ? [[name, annotations[name]]] : []))
  return {
    labels: { ...Object.fromEntries(own), alertname: givingUp, severity: 'critical', about: labels.alertname ?? '' },
    annotations: {
      summary: 'The healer has done what it may, and it did not help.',
      description: `${labels.alertname}: ${why}`,
      ...besides(annotations.runbook_url),
      ...Object.fromEntries(links),
    },
    endsAt: new Date(now + pageLasts).toISOString(),
  }
}

import { type Language, type NotificationWords, notificationWords } from './notification-words.ts'

/**
 * The texts of a receiver as an AlertmanagerConfig has them, in Alertmanager's templates, which need no file of templates:
 * https://prometheus.io/docs/alerting/latest/notifications/
 */
export interface Notifications {
  slack: { color: string; title: string; fallback: string; text: string }
  email: { headers: { key: string; value: string }[]; text: string; html: string }
}

/** How a medium writes; each parameter is a template or a word. */
interface Medium {
  /** What an alert says, so that nothing in it is taken for markup. */
  quote: (pipeline: string) => string
  link: (address: string, word: string) => string
  /** Between what an alert says and its links. */
  within: string
  /** Between the links of the group. */
  between: string
  item: (content: string) => string
  list: (items: string) => string
  paragraph: (content: string) => string
  /** A value within the query of an address. */
  queryValue: (pipeline: string) => string
}

/** Slack takes these three for its own in a text: https://docs.slack.dev/messaging/formatting-message-text */
const forSlack = (pipeline: string) =>
  `{{ ${pipeline} | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;" }}`
/** Alertmanager's page does not take a plus for a space. */
const inQuery = (pipeline: string) => `{{ ${pipeline} | urlquery | reReplaceAll "[+]" "%20" }}`

const slack: Medium = {
  quote: forSlack,
  link: (address, word) => `<${address}|${word}>`,
  within: ' ',
  between: ' ',
  item: (content) => `• ${content}\n`,
  list: (items) => items,
  paragraph: (content) => `${content}\n`,
  queryValue: inQuery,
}

const plain: Medium = {
  quote: (pipeline) => `{{ ${pipeline} }}`,
  link: (address, word) => `${word}: ${address}`,
  within: '\n  ',
  between: '\n',
  item: (content) => `- ${content}\n`,
  list: (items) => `${items}\n`,
  paragraph: (content) => `${content}\n`,
  queryValue: inQuery,
}

/** Alertmanager escapes what it puts into it, by the place where it stands. */
const html: Medium = {
  quote: (pipeline) => `{{ ${pipeline} }}`,
  link: (address, word) => `<a href="${address}">${word}</a>`,
  within: ' ',
  between: ' ',
  item: (content) => `<li>${content}</li>`,
  list: (items) => `<ul>${items}</ul>`,
  paragraph: (content) => `<p>${content}</p>`,
  queryValue: (pipeline) => `{{ ${pipeline} }}`,
}

/** As many alerts of a group are listed, of those that fire and of those that have ended. */
export const listed = 10

const time = (field: string) => `{{ ${field}.UTC.Format "2006-01-02 15:04 UTC" }}`

/** The alerts of a group are alike but for what their descriptions say and their links lead to. */
function alertList(medium: Medium, words: NotificationWords): string {
  const link = (annotation: string, word: string) => {
    const address = `.Annotations.${annotation}`
    return `{{ if ${address} }}${medium.within}${medium.link(medium.quote(address), word)}{{ end }}`
  }
  const items = (alerts: string, when: string) => {
    const what = medium.quote('or .Annotations.description .Annotations.summary .Labels.alertname')
    const links = link('dashboard_url', words.dashboard) + link('logs_url', words.logs)
    return `{{ range $place, $alert := ${alerts} }}{{ if lt $place ${listed} }}${medium.item(`${what} (${when})${links}`)}{{ end }}{{ end }}`
  }
  return medium.list(
    items('.Alerts.Firing', words.since(time('.StartsAt'))) +
      items('.Alerts.Resolved', words.lasted(time('.StartsAt'), time('.EndsAt'))),
  )
}

/** The page on which Alertmanager asks for how long this group is to be silent, and why. */
function silenceUrl({ queryValue }: Medium): string {
  const label = `{{ $label.Name }}%3D${queryValue('printf "%q" $label.Value')}`
  return `{{ .ExternalURL }}/#/silences/new?filter=%7B{{ range $place, $label := .GroupLabels.SortedPairs }}{{ if $place }}%2C%20{{ end }}${label}{{ end }}%7D`
}

function body(medium: Medium, words: NotificationWords): string {
  const { quote, link, between, paragraph } = medium
  const summary = '.CommonAnnotations.summary'
  const runbook = '.CommonAnnotations.runbook_url'
  const tooMany = `or (gt (len .Alerts.Firing) ${listed}) (gt (len .Alerts.Resolved) ${listed})`
  return [
    `{{ if ${summary} }}${paragraph(quote(summary))}{{ end }}`,
    alertList(medium, words),
    `{{ if ${tooMany} }}${paragraph(link('{{ .ExternalURL }}', words.more(listed)))}{{ end }}`,
    paragraph(
      `{{ if ${runbook} }}${link(quote(runbook), words.runbook)}${between}{{ end }}${link(silenceUrl(medium), words.silence)}`,
    ),
  ].join('')
}

function title(words: NotificationWords): string {
  const firing = `{{ if .Alerts.Firing }}${words.firing('{{ len .Alerts.Firing }}')}{{ end }}`
  const comma = '{{ if and .Alerts.Firing .Alerts.Resolved }}, {{ end }}'
  const resolved = `{{ if .Alerts.Resolved }}${words.resolved('{{ len .Alerts.Resolved }}')}{{ end }}`
  return `[{{ .GroupLabels.severity }}] {{ .GroupLabels.alertname }} ({{ .GroupLabels.namespace }}): ${firing}${comma}${resolved}`
}

/** The texts in a language. An alert's own words are as its rule has them. */
export function notifications(language: Language): Notifications {
  const words = notificationWords[language]
  return {
    slack: {
      color: '{{ if .Alerts.Firing }}danger{{ else }}good{{ end }}',
      title: title(words),
      fallback: title(words),
      text: body(slack, words),
    },
    email: {
      headers: [{ key: 'Subject', value: title(words) }],
      text: body(plain, words),
      html: `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8"></head><body>${body(html, words)}</body></html>`,
    },
  }
}

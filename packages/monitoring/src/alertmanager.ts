import { healerRoute } from './healer-route.ts'
import { type InhibitRule, inhibitRules } from './inhibition.ts'
import type { Matcher } from './matcher.ts'
import type { Names } from './names.ts'
import type { Language } from './notification-words.ts'
import { type Notifications, notifications } from './notifications.ts'
import { notificationTimes } from './objectives.ts'
import { type NotificationTimes, type Route, route } from './routing.ts'

/** An SMTP server and the account there. */
export interface Mail {
  /** Host and port. */
  smarthost: string
  from: string
  /** None: nobody signs in. */
  account?: { username: string; passwordFile: string }
  requireTls: boolean
}

/** Where alerts of one urgency go; what is secret stands in a file, and only its path in the configuration. */
export interface Destination {
  /** Has the address of an incoming webhook of Slack. */
  slackUrlFile?: string
  /** Addresses, with commas between. */
  emailTo?: string
  /** Has the address that is sent Alertmanager's JSON. */
  webhookUrlFile?: string
}

/** The program that acts on alerts (services/healer). */
export interface HealerWebhook {
  /** Where it hears of them. */
  url: string
  /** What it is sent as a bearer token. */
  token: string
}

export interface Receivers {
  language: Language
  /** What is critical. */
  pages: Destination
  /** What is a warning. */
  tickets: Destination
  /** Has the address that is sent the dead man's switch. */
  heartbeatUrlFile?: string
  mail?: Mail
  healer?: HealerWebhook
}

const matchersOf = (matchers: Matcher[]) =>
  matchers.map(({ name, matchType, value }) => `${name}${matchType}"${value}"`)

/** Without what is not set. */
const compact = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

const routeOf = (one: Route): Record<string, unknown> =>
  compact({
    receiver: one.receiver,
    matchers: matchersOf(one.matchers),
    group_by: one.groupBy,
    group_wait: one.groupWait,
    group_interval: one.groupInterval,
    repeat_interval: one.repeatInterval,
    continue: one.continue,
    routes: one.routes?.map(routeOf),
  })

const inhibitionOf = ({ sourceMatch, targetMatch, equal }: InhibitRule) => ({
  source_matchers: matchersOf(sourceMatch),
  target_matchers: matchersOf(targetMatch),
  equal,
})

const healerConfig = ({ url, token }: HealerWebhook) => ({
  url,
  send_resolved: false,
  http_config: { authorization: { credentials: token } },
})

const webhook = (urlFile: string, sendResolved: boolean) => ({ url_file: urlFile, send_resolved: sendResolved })

function emailOf(to: string, mail: Mail | undefined, { headers, text, html }: Notifications['email']) {
  if (!mail) throw new Error(`Mail to ${to} needs an SMTP server: set mail.`)
  return compact({
    to,
    from: mail.from,
    smarthost: mail.smarthost,
    auth_username: mail.account?.username,
    auth_password_file: mail.account?.passwordFile,
    require_tls: mail.requireTls,
    headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
    text,
    html,
    send_resolved: true,
  })
}

function receiverOf(name: string, { slackUrlFile, emailTo, webhookUrlFile }: Destination, receivers: Receivers) {
  const { slack, email } = notifications(receivers.language)
  return compact({
    name,
    slack_configs: slackUrlFile && [{ api_url_file: slackUrlFile, ...slack, send_resolved: true }],
    email_configs: emailTo && [emailOf(emailTo, receivers.mail, email)],
    webhook_configs: webhookUrlFile && [webhook(webhookUrlFile, true)],
  })
}

/**
 * Alertmanager's own configuration, for where there is no operator that makes it of an AlertmanagerConfig: the same routes, texts
 * and inhibition. Throws where mail is to be sent and no server is named.
 */
export function alertmanagerConfiguration(
  names: Names,
  receivers: Receivers,
  times: NotificationTimes = notificationTimes,
): Record<string, unknown> {
  const { heartbeatUrlFile, healer } = receivers
  return {
    route: {
      receiver: 'shown',
      routes: [...(healer ? [routeOf(healerRoute(names))] : []), routeOf(route(names, times))],
    },
    receivers: [
      { name: 'shown' },
      receiverOf('pages', receivers.pages, receivers),
      receiverOf('tickets', receivers.tickets, receivers),
      compact({ name: 'heartbeat', webhook_configs: heartbeatUrlFile && [webhook(heartbeatUrlFile, false)] }),
      ...(healer ? [{ name: 'healer', webhook_configs: [healerConfig(healer)] }] : []),
    ],
    inhibit_rules: inhibitRules(names).map(inhibitionOf),
  }
}

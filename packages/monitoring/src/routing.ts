import { among, is, type Matcher } from './matcher.ts'
import type { Names } from './names.ts'

/** When Alertmanager tells: https://prometheus.io/docs/alerting/latest/configuration/#route */
export interface NotificationTimes {
  /** For how long further alerts of a new group are waited for. */
  groupWait: string
  /** After how long what has changed in a group is told. */
  groupInterval: string
  /** After how long it is told again that nothing has changed. */
  repeat: { pages: string; tickets: string; heartbeat: string }
}

/** As an AlertmanagerConfig has it. */
export interface Route {
  receiver: string
  matchers: Matcher[]
  groupBy?: string[]
  groupWait?: string
  groupInterval?: string
  repeatInterval?: string
  /** Whether the routes after it are asked as well. */
  continue?: boolean
  routes?: Route[]
}

/**
 * Which alert goes to whom: by its severity to those who are paged or to those who have office hours, the dead man's switch to whom
 * misses it, and what is left is shown in Alertmanager. The shop's alerts, and those of others' rules about the namespaces.
 */
export function route(names: Names, { groupWait, groupInterval, repeat }: NotificationTimes): Route {
  const { critical, warning } = names.severities
  return {
    receiver: 'shown',
    matchers: [among('namespace', names.routedNamespaces)],
    groupBy: ['alertname', 'namespace', 'severity'],
    groupWait,
    groupInterval,
    repeatInterval: repeat.tickets,
    routes: [
      {
        receiver: 'heartbeat',
        matchers: [is('alertname', 'ShopDeadMansSwitch')],
        groupWait: '0s',
        repeatInterval: repeat.heartbeat,
      },
      { receiver: 'pages', matchers: [is('severity', critical)], repeatInterval: repeat.pages },
      { receiver: 'tickets', matchers: [is('severity', warning)] },
    ],
  }
}

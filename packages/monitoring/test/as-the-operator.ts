/** A key of a Secret, as Kubernetes' objects name one. */
export interface SecretKey {
  name: string
  key: string
}

interface Receiver {
  name: string
  [kind: string]: unknown
}

// biome-ignore lint/suspicious/noExplicitAny: an object of a cluster, as Helm renders it
type Rendered = any

/**
 * Alertmanager's configuration that the Prometheus operator (0.93, pkg/alertmanager/amcfg.go) makes of an AlertmanagerConfig: the
 * part that it adds to its own. A secret's value is written as the file that `fileOf` names for it.
 *
 * @param strategy alertmanagerConfigMatcherStrategy of the Alertmanager
 */
export function asTheOperator(
  { metadata, spec }: Rendered,
  strategy: 'None' | 'OnNamespace',
  fileOf: (secret: SecretKey) => string,
) {
  const named = (receiver: string) => `${metadata.namespace}/${metadata.name}/${receiver}`
  const matchers = (list: Rendered[]) =>
    list.map(({ name, matchType, value }) => `${name}${matchType}${JSON.stringify(value)}`)
  const own = strategy === 'OnNamespace' ? [`namespace="${metadata.namespace}"`] : []
  const added = (list: string[]) => [...list, ...own.filter((one) => !list.includes(one))]

  const routeOf = (route: Rendered): Rendered => {
    const { receiver, matchers: of, groupBy, groupWait, groupInterval, repeatInterval, routes, ...rest } = route
    if (Object.keys(rest).length > 0) throw new Error(`not translated: ${Object.keys(rest)}`)
    return defined({
      receiver: named(receiver),
      matchers: matchers(of),
      group_by: groupBy,
      group_wait: groupWait,
      group_interval: groupInterval,
      repeat_interval: repeatInterval,
      routes: routes?.map(routeOf),
    })
  }
  const integrationOf = (fields: Rendered) => {
    const { apiURL, urlSecret, authPassword, headers, ...plain } = fields
    return defined({
      ...Object.fromEntries(Object.entries(plain).map(([field, value]) => [snake(field), value])),
      api_url_file: apiURL && fileOf(apiURL),
      url_file: urlSecret && fileOf(urlSecret),
      auth_password_file: authPassword && fileOf(authPassword),
      headers: headers && Object.fromEntries(headers.map(({ key, value }: Rendered) => [key, value])),
    })
  }
  const receiverOf = ({ name, ...kinds }: Receiver) => ({
    name: named(name),
    ...Object.fromEntries(
      Object.entries(kinds).map(([kind, list]) => [snake(kind), (list as Rendered[]).map(integrationOf)]),
    ),
  })
  const route = routeOf(spec.route)
  return {
    route: { ...route, continue: true, matchers: [...route.matchers, ...own] },
    receivers: spec.receivers.map(receiverOf),
    inhibit_rules: (spec.inhibitRules ?? []).map(({ sourceMatch, targetMatch, equal }: Rendered) => ({
      source_matchers: added(matchers(sourceMatch)),
      target_matchers: added(matchers(targetMatch)),
      equal,
    })),
  }
}

const snake = (field: string) => field.replaceAll(/[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`)

const defined = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

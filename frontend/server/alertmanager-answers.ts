import type { Alert, Silence } from '@hello/shop/api/alert'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'

// What is read of https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
const Texts = Type.Record(Type.String(), Type.String())
const Ids = Type.Optional(Type.Array(Type.String()))

const GivenAlert = Type.Object({
  fingerprint: Type.String(),
  labels: Texts,
  annotations: Texts,
  startsAt: Type.String(),
  receivers: Type.Array(Type.Object({ name: Type.String() })),
  status: Type.Object({ state: Type.String(), silencedBy: Ids, inhibitedBy: Ids, mutedBy: Ids }),
})
export type GivenAlert = Static<typeof GivenAlert>

const Matcher = Type.Object({
  name: Type.String(),
  value: Type.String(),
  isRegex: Type.Boolean(),
  isEqual: Type.Optional(Type.Boolean()),
})
const GivenSilence = Type.Object({
  id: Type.String(),
  status: Type.Object({ state: Type.Enum(['active', 'pending', 'expired']) }),
  matchers: Type.Array(Matcher),
  createdBy: Type.String(),
  comment: Type.String(),
  startsAt: Type.String(),
  endsAt: Type.String(),
})
export type GivenSilence = Static<typeof GivenSilence>

export const givenAlerts = Compile(Type.Array(GivenAlert))
export const givenSilences = Compile(Type.Array(GivenSilence))
export const silenceMade = Compile(Type.Object({ silenceID: Type.String() }))

function stateOf({ silencedBy, inhibitedBy, mutedBy }: GivenAlert['status']): Alert['state'] {
  if (silencedBy?.length) return 'silenced'
  if (inhibitedBy?.length) return 'inhibited'
  return mutedBy?.length ? 'muted' : 'firing'
}

/** An address that a browser may be sent to. Annotations are texts that anybody who writes a rule, or posts an alert, chooses. */
const addressOf = (text = '') => (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null)

/** An alert of Alertmanager as the shop's API has it. */
export function toAlert({ fingerprint, labels, annotations, startsAt, receivers, status }: GivenAlert): Alert {
  return {
    id: fingerprint,
    name: labels.alertname ?? '',
    severity: labels.severity ?? null,
    state: stateOf(status),
    since: startsAt,
    summary: annotations.summary ?? null,
    description: annotations.description ?? null,
    labels,
    receivers: receivers.map(({ name }) => name),
    runbookUrl: addressOf(annotations.runbook_url),
    dashboardUrl: addressOf(annotations.dashboard_url),
    logsUrl: addressOf(annotations.logs_url),
  }
}

/** A silence of Alertmanager as the shop's API has it. */
export function toSilence({ id, matchers, createdBy, comment, startsAt, endsAt }: GivenSilence): Silence {
  return {
    id,
    matchers: matchers.map(({ name, value, isRegex, isEqual = true }) => {
      const operator = `${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}`
      return `${name}${operator}${JSON.stringify(value)}`
    }),
    createdBy,
    comment,
    from: startsAt,
    until: endsAt,
  }
}

import { type Static, Type } from 'typebox'

const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Time = Type.String({ format: 'date-time' })
const Address = (description: string) => nullable(Type.String({ description: `${description}; an http or https URL` }))
const Words = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '[^\\s\\p{C}]', description })

/** What fires, as Alertmanager has it. */
export const Alert = Type.Object({
  id: Type.String({ description: 'the fingerprint of the labels' }),
  name: Type.String(),
  severity: nullable(Type.String()),
  state: Type.Enum(['firing', 'silenced', 'inhibited', 'muted'], {
    description: 'inhibited: another alert tells of the same; muted: at this time of the day or week nobody is told',
  }),
  since: Time,
  summary: nullable(Type.String()),
  description: nullable(Type.String()),
  labels: Type.Record(Type.String(), Type.String()),
  receivers: Type.Array(Type.String()),
  runbookUrl: Address('what to do'),
  dashboardUrl: Address('what it looks like'),
  logsUrl: Address('what was logged'),
})
export type Alert = Static<typeof Alert>

export const AlertList = Type.Object({
  alerts: Type.Array(Alert, { description: 'what fires first, then the newest' }),
  matched: Type.Integer({ description: 'alerts that there are, before the limit' }),
})
export type AlertList = Static<typeof AlertList>

/** That nobody is told of some alerts for a while. */
export const Silence = Type.Object({
  id: Type.String(),
  matchers: Type.Array(Type.String(), { description: 'as Alertmanager writes them, such as app="order"' }),
  createdBy: Type.String(),
  comment: Type.String(),
  from: Time,
  until: Time,
})
export type Silence = Static<typeof Silence>

export const NewSilence = Type.Object(
  {
    alert: Type.String({ pattern: '^[0-9a-f]{16}$', description: 'the id of one that fires; only it is silenced' }),
    minutes: Type.Union([Type.Literal(15), Type.Literal(60), Type.Literal(240), Type.Literal(1440)]),
    createdBy: Words(100, 'who silences it'),
    comment: Words(500, 'why'),
  },
  { additionalProperties: false },
)
export type NewSilence = Static<typeof NewSilence>

import { type Static, Type } from 'typebox'

const Time = Type.String({ format: 'date-time' })
const Texts = Type.Object({ en: Type.String(), ko: Type.String() })
const Ratio = Type.Number({
  exclusiveMinimum: 0,
  maximum: 1,
  description: 'the share of the requests that it hits, or how strong it is',
})

/** A fault that can be injected into the shop on purpose, and whether it is on. */
export const Fault = Type.Object({
  name: Type.String(),
  services: Type.Array(Type.String(), { description: 'whose processes misbehave' }),
  does: Texts,
  breaks: Type.Enum(['everything', 'part', 'nothing'], { description: 'of the path of a person who looks and orders' }),
  ratio: Type.Number({ description: 'what it is set to where nobody says otherwise, 0 to 1' }),
  fires: Type.Array(Type.String(), { description: 'alerts that must fire, the one that names the cause first' }),
  evidence: Type.Array(
    Type.Object({ kind: Type.Enum(['promql', 'logql', 'trace']), query: Type.String(), shows: Texts }),
    { description: 'what shows it while it is on; a trace is searched by parameters of Jaeger, as JSON' },
  ),
  cure: Texts,
  hints: Type.Array(Texts, { description: 'from vague to exact' }),
  on: Type.Union([
    Type.Object({ ratio: Type.Number(), since: Time, until: Type.String({ format: 'date-time' }) }),
    Type.Null(),
  ]),
})
export type Fault = Static<typeof Fault>

/** The most seconds for which a fault is set at once. */
export const longestFault = 3600

export const FaultSetting = Type.Object(
  {
    ratio: Ratio,
    seconds: Type.Integer({ minimum: 1, maximum: longestFault, description: 'how long at most' }),
  },
  { additionalProperties: false },
)
export type FaultSetting = Static<typeof FaultSetting>

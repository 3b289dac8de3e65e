import { type Static, Type } from 'typebox'

const Text = Type.Object({ en: Type.String(), ko: Type.String() })
const Choices = Type.Array(Type.Object({ name: Type.String(), text: Text }))
const Time = (description: string) => Type.Number({ description: `${description}, milliseconds since the epoch` })
const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

/** What a learner hands in; each is text as it was typed. */
export const LabAnswer = Type.Object(
  {
    component: Type.String({ maxLength: 100, description: 'where the cause is' }),
    mechanism: Type.String({ maxLength: 100, description: 'what it is' }),
    evidence: Type.String({ maxLength: 1000, description: 'of the kind that the lab asks for' }),
  },
  { additionalProperties: false },
)
export type LabAnswer = Static<typeof LabAnswer>

/** Of an answer, part by part; `why` says of the evidence what it lacks. */
export const LabGrade = Type.Object({
  component: Type.Boolean(),
  mechanism: Type.Boolean(),
  evidence: Type.Boolean(),
  why: Type.Optional(Text),
  missing: Type.Optional(Type.Integer({ description: 'other causes that are still to be told' })),
})
export type LabGrade = Static<typeof LabGrade>

/** Which hint is asked for: asked twice for the same one, it costs once. */
export const LabHint = Type.Object(
  { number: Type.Integer({ minimum: 1, maximum: 100, description: 'from 1, each after the one before' }) },
  { additionalProperties: false },
)
export type LabHint = Static<typeof LabHint>

/** What a learner may know of the lab that is under way: nothing that gives its cause away before it is over. */
export const Lab = Type.Object({
  name: nullable(
    Type.Object({ number: Type.Integer(), title: Text }, { description: 'null where the learner is not told before' }),
  ),
  situation: Text,
  question: Text,
  components: Choices,
  mechanisms: Choices,
  evidence: Type.Object({
    kind: Type.String({
      description: 'trace, log, promql or any; one that the page does not know is handed in elsewhere',
    }),
    asks: Text,
  }),
  well: Type.Boolean({ description: 'not broken yet, so that there is nothing to answer' }),
  wellSince: Time('when customers began to come'),
  brokenAt: Time('when the shop broke, or is to break'),
  hints: Type.Array(Text, { description: 'those that were given' }),
  moreHints: Type.Boolean(),
  costs: Type.Object({ hint: Type.Integer(), wrong: Type.Integer() }),
  points: Type.Integer({ description: 'what it is worth now, of 100' }),
  grade: nullable(LabGrade),
  end: nullable(
    Type.Object({
      solved: Type.Boolean(),
      at: Time('when'),
      solution: Text,
      next: nullable(Type.Integer({ description: 'number of a lab that is not solved yet' })),
    }),
  ),
})
export type Lab = Static<typeof Lab>

export const RunningLab = Type.Object({ lab: nullable(Lab) }, { description: 'null where none runs' })
export type RunningLab = Static<typeof RunningLab>

import { type Static, Type } from 'typebox'
import { nullable, Time } from './fields.ts'

const ProcessState = Type.Object({
  name: Type.String(),
  state: Type.Enum(['starting', 'running', 'waiting', 'stopped'], {
    description: 'waiting: it ended by itself and is started again at nextStart',
  }),
  pid: nullable(Type.Integer()),
  restarts: Type.Integer({ description: 'how often it was started again' }),
  lastExit: nullable(
    Type.Object(
      {
        time: Time,
        code: nullable(Type.Integer()),
        signal: nullable(Type.String()),
        error: nullable(Type.String({ description: 'why it could not be started' })),
      },
      { description: 'how it ended the last time by itself' },
    ),
  ),
  nextStart: nullable(Time),
})
/** What a supervisor knows of a process. */
export type ProcessState = Static<typeof ProcessState>

export const ProcessList = Type.Array(ProcessState)

import { defineLab } from '../src/lab.ts'

export const aQuietDay = defineLab({
  number: 10,
  level: 1,
  name: 'a-quiet-day',
  incident: { fault: 'none' },
  cause: { components: ['nothing'], mechanisms: ['none'] },
  evidence: { kind: 'none' },
})

import { defineLab } from '../src/lab.ts'

export const muchAdo = defineLab({
  number: 9,
  level: 1,
  name: 'much-ado',
  incident: { fault: 'red-herring' },
  cause: { components: ['nothing'], mechanisms: ['none'] },
  evidence: { kind: 'none' },
})

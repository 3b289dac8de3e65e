import { defineLab } from '../src/lab.ts'

export const ordersThatFail = defineLab({
  number: 2,
  level: 1,
  name: 'orders-that-fail',
  incident: { fault: 'errors' },
  cause: { components: ['order'], mechanisms: ['errors'] },
  evidence: {
    kind: 'trace',
    search: { service: 'order', status: 'error' },
    shows: ({ spans }) =>
      spans.some((span) => span.service === 'order' && span.kind === 'server' && span.failed) &&
      spans.every((span) => span.service !== 'order' || span.kind !== 'client'),
  },
})

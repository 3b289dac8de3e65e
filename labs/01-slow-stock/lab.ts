import { defineLab } from '../src/lab.ts'

export const slowStock = defineLab({
  number: 1,
  level: 1,
  name: 'slow-stock',
  incident: { fault: 'slow-inventory' },
  cause: { components: ['inventory'], mechanisms: ['late'] },
  evidence: {
    kind: 'trace',
    search: { service: 'inventory', minDuration: 1000 },
    shows: ({ spans }) =>
      spans.some((span) => span.service === 'inventory' && span.kind === 'server' && span.duration > 1_000_000) &&
      spans.every((span) => span.service !== 'inventory' || span.kind !== 'client' || span.duration < 500_000),
  },
})

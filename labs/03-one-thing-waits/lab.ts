import { defineLab } from '../src/lab.ts'

export const oneThingWaits = defineLab({
  number: 3,
  level: 1,
  name: 'one-thing-waits',
  incident: { fault: 'idle-in-transaction' },
  cause: { components: ['postgres', 'inventory'], mechanisms: ['lock'] },
  evidence: {
    kind: 'trace',
    search: { service: 'inventory', minDuration: 500 },
    shows: ({ spans }) =>
      spans.some(
        (span) =>
          span.service === 'inventory' && span.attributes['db.system.name'] !== undefined && span.duration > 500_000,
      ),
  },
})

import { defineLab } from '../src/lab.ts'

export const theTalkativeService = defineLab({
  number: 11,
  level: 1,
  name: 'the-talkative-service',
  incident: { fault: 'noisy-logs' },
  cause: { components: ['inventory'], mechanisms: ['logs'] },
  evidence: {
    kind: 'log',
    search: { service: 'inventory', text: 'compared a row of the stock' },
    shows: ({ service, msg }) => service === 'inventory' && msg === 'compared a row of the stock',
  },
})

import { defineLab } from '../src/lab.ts'

export const theDatabaseIsIdle = defineLab({
  number: 6,
  level: 1,
  name: 'the-database-is-idle',
  incident: { fault: 'pool-starvation' },
  cause: { components: ['order'], mechanisms: ['pool'] },
  evidence: {
    kind: 'log',
    search: { service: 'order', text: 'timeout exceeded when trying to connect' },
    shows: ({ service }) => service === 'order',
  },
})

import { defineLab } from '../src/lab.ts'

export const whoTakesThemAll = defineLab({
  number: 16,
  level: 3,
  name: 'who-takes-them-all',
  incident: { fault: 'leaked-connections' },
  cause: { components: ['product'], mechanisms: ['connections'] },
  evidence: {
    kind: 'promql',
    search: { query: 'sum by (datname) (pg_stat_activity_count) > 25' },
    shows: ({ __name__: name, datname }) =>
      (name === 'pg_stat_activity_count' || name === 'pg_stat_database_numbackends') && datname === 'product',
  },
})

import { byName } from './runbooks.ts'

export const runbooks = byName(
  import.meta.glob<string>('../../../../docs/en/runbooks/*.md', { query: '?raw', import: 'default', eager: true }),
)

import { defineLab } from '../src/lab.ts'

export const theCountDoesNotFit = defineLab({
  number: 17,
  level: 3,
  name: 'the-count-does-not-fit',
  incident: { fault: 'legacy-race' },
  cause: { components: ['inventory'], mechanisms: ['race'] },
  evidence: {
    kind: 'promql',
    search: { query: 'shop_stock_invariant_violations > 0' },
    shows: ({ __name__: name, app }) => name === 'shop_stock_invariant_violations' && app === 'inventory',
  },
})

import { defineLab } from '../src/lab.ts'

export const aSlowProduct = defineLab({
  number: 4,
  level: 1,
  name: 'a-slow-product',
  incident: { fault: 'slow-product' },
  cause: { components: ['product'], mechanisms: ['late'] },
  evidence: {
    kind: 'trace',
    search: { service: 'product', minDuration: 1000 },
    shows: ({ spans }) =>
      spans.some(
        (span) =>
          span.service === 'product' &&
          span.kind === 'server' &&
          span.duration > 1_000_000 &&
          span.attributes['product.id'] === 'product2',
      ),
  },
})

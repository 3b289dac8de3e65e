import { defineLab } from '../src/lab.ts'

export const askedAndNotAnswered = defineLab({
  number: 5,
  level: 1,
  name: 'asked-and-not-answered',
  incident: { fault: 'black-hole' },
  cause: { components: ['order'], mechanisms: ['unreachable'] },
  evidence: {
    kind: 'trace',
    search: { service: 'order', status: 'error', minDuration: 1900 },
    shows: ({ spans }) =>
      spans.some(
        (span) =>
          span.service === 'order' &&
          span.kind === 'client' &&
          /\/products\//.test(String(span.attributes['url.full'])) &&
          span.status === 'error' &&
          spans.every(({ parentSpanId }) => parentSpanId !== span.spanId),
      ),
  },
})

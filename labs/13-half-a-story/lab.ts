import { defineLab } from '../src/lab.ts'

/** Nobody outside reaches these: whoever asks them has been asked by the gateway. */
const inner = ['product', 'inventory', 'order']

export const halfAStory = defineLab({
  number: 13,
  level: 2,
  name: 'half-a-story',
  incident: { fault: 'lost-context' },
  cause: { components: ['gateway'], mechanisms: ['lost-context'] },
  evidence: {
    kind: 'trace',
    search: { service: 'product' },
    shows: ({ spans }) =>
      spans.some(({ service, kind, parentSpanId }) => inner.includes(service) && kind === 'server' && !parentSpanId) ||
      (spans.some(({ service, kind }) => service === 'gateway' && kind === 'client') &&
        spans.every(({ service }) => !inner.includes(service))),
  },
})

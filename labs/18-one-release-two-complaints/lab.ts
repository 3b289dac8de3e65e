import { defineLab } from '../src/lab.ts'

/** In microseconds: what a held-up thread adds to an answer, and what the services behind it may have taken of it. */
const heldUp = 250_000
const quick = 100_000

export const oneReleaseTwoComplaints = defineLab({
  number: 18,
  level: 3,
  name: 'one-release-two-complaints',
  incident: { fault: 'wrong-address' },
  cause: { components: ['gateway'], mechanisms: ['unreachable'] },
  evidence: {
    kind: 'trace',
    search: { service: 'gateway', status: 'error' },
    shows: ({ spans }) =>
      spans.some(
        (span) =>
          span.service === 'gateway' &&
          span.kind === 'client' &&
          span.failed &&
          String(span.attributes['url.full']).includes('/inventory') &&
          spans.every(({ service }) => service !== 'inventory'),
      ),
  },
  also: {
    incident: { fault: 'event-loop-block' },
    cause: { components: ['gateway'], mechanisms: ['event-loop'] },
    evidence: {
      kind: 'trace',
      search: { service: 'gateway', minDuration: heldUp / 1000, status: 'ok' },
      shows: ({ spans }) =>
        spans.some(({ service, kind, duration }) => service === 'gateway' && kind === 'server' && duration > heldUp) &&
        spans.every(({ service, kind, duration, failed }) => {
          const isBehind = kind === 'server' && service !== 'gateway' && service !== 'frontend'
          return !failed && !(isBehind && duration > quick)
        }) &&
        spans.some(({ service }) => service === 'product' || service === 'order'),
    },
  },
})

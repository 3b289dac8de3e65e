import { defineLab } from '../src/lab.ts'

/** More than a line of a trace can be older than its first span, in milliseconds. */
const impossible = 60_000

export const beforeItWasAsked = defineLab({
  number: 15,
  level: 2,
  name: 'before-it-was-asked',
  incident: { fault: 'clock-skew' },
  cause: { components: ['product'], mechanisms: ['clock'] },
  evidence: {
    kind: 'trace',
    search: { service: 'product' },
    shows: ({ summary, logs }) =>
      logs.some(({ service, time }) => service === 'product' && time < summary.start / 1000 - impossible),
  },
})

import { defineLab } from '../src/lab.ts'

/** A service that behaves sends an order's reservation once, and once more after a pause. */
const manyCalls = 4

export const fewerVisitorsDoNotHelp = defineLab({
  number: 12,
  level: 2,
  name: 'fewer-visitors-do-not-help',
  incident: { fault: 'retry-storm' },
  cause: { components: ['order'], mechanisms: ['retries'] },
  evidence: {
    kind: 'trace',
    search: { caller: 'order', callee: 'inventory', minDuration: 1500 },
    shows: ({ spans }) =>
      spans.filter(
        ({ service, kind, attributes }) =>
          service === 'order' && kind === 'client' && String(attributes['url.full']).includes('/reservations/'),
      ).length >= manyCalls,
  },
})

import { is } from './matcher.ts'
import type { Names } from './names.ts'
import { healerTimes } from './objectives.ts'
import type { Route } from './routing.ts'

/** Each alert of the shop by itself and at once to the healer, and then on to whom it goes without one. */
export const healerRoute = ({ namespace }: Names): Route => ({
  receiver: 'healer',
  matchers: [is('namespace', namespace)],
  groupBy: ['...'],
  ...healerTimes,
  continue: true,
})

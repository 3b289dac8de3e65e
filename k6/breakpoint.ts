import type { Options } from 'k6/options'
import { profiles } from './lib/profiles.ts'
import visit, { setup } from './lib/visit.ts'

/**
 * The first threshold that is crossed ends the run: the rate of that moment is the answer. One machine is one client to the gateway,
 * whose own limit (RATE_LIMIT_PER_SECOND, 2,000 requests a second by default) the profile stays below.
 */
export const options: Options = {
  scenarios: { breakpoint: profiles.breakpoint },
  thresholds: {
    http_req_failed: [{ threshold: 'rate<0.05', abortOnFail: true, delayAbortEval: '10s' }],
    http_req_duration: [{ threshold: 'p(95)<1000', abortOnFail: true, delayAbortEval: '10s' }],
  },
}

export { setup }
export default visit

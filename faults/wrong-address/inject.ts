import { divertUpstream } from '../src/divert-upstream.ts'
import type { Inject } from '../src/injection.ts'

/** Of TCPMUX, which nobody runs any more and no program gets by chance, as it could get a port that is merely free now. */
const nobodyListens = 'http://127.0.0.1:1'

export const injectWrongAddress: Inject = (fault, { app }) => {
  const divert = divertUpstream(fault, app, 'inventory')
  fault.whileOn((signal) => divert(nobodyListens, signal))
}

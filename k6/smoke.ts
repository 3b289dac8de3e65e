import type { Options } from 'k6/options'
import { profiles } from './lib/profiles.ts'
import visit, { setup, thresholds } from './lib/visit.ts'

export const options: Options = { scenarios: { smoke: profiles.smoke }, thresholds }

export { setup }
export default visit

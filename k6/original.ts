import { defineRun } from './lib/run.ts'
import { shopper } from './lib/visitors.ts'

const run = defineRun('original', shopper)

export const { options, setup, teardown, handleSummary } = run
export default run.visit

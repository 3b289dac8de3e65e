import { defineRun } from './lib/run.ts'
import { buyer } from './lib/visitors.ts'

const run = defineRun('race', buyer)

export const { options, setup, teardown, handleSummary } = run
export default run.visit

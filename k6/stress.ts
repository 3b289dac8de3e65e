import { defineRun } from './lib/run.ts'
import { visitor } from './lib/visitors.ts'

const run = defineRun('stress', visitor)

export const { options, setup, teardown, handleSummary } = run
export default run.visit

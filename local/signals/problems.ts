import { defineProblem } from '@hello/service-kit/problem'

export const traceNotFound = defineProblem('trace-not-found', { status: 404, title: 'Trace not found' })

import { defineProblem } from '@hello/service-kit/problem'

export const fileNotFound = defineProblem('file-not-found', { status: 404, title: 'File not found' })

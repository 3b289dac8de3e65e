import { defineProblem } from '@hello/service-kit/problem'

export const fileNotFound = defineProblem('file-not-found', { status: 404, title: 'File not found' })
export const alertNotFound = defineProblem('alert-not-found', { status: 404, title: 'Alert not found' })
export const faultNotFound = defineProblem('fault-not-found', { status: 404, title: 'Fault not found' })
export const silenceNotFound = defineProblem('silence-not-found', { status: 404, title: 'Silence not found' })
export const silenceRefused = defineProblem('silence-refused', { status: 422, title: 'Silence refused' })
export const sessionOver = defineProblem('session-over', { status: 401, title: 'Session over' })
export const signInRefused = defineProblem('sign-in-refused', { status: 403, title: 'Sign-in refused' })
export const otherOrigin = defineProblem('other-origin', { status: 403, title: 'Request of another origin' })
export const noLab = defineProblem('no-lab', { status: 404, title: 'No lab runs' })

import { defineProblem } from './problem.ts'

/** The kinds of problem that every service may answer with, each once; docs/problems.md says what to do about each. */
export const invalidRequest = defineProblem('invalid-request', { status: 400, title: 'Invalid request' })
export const tokenMissing = defineProblem('token-missing', { status: 401, title: 'Token missing or wrong' })
export const insufficientScope = defineProblem('insufficient-scope', { status: 403, title: 'Insufficient scope' })
export const routeNotFound = defineProblem('route-not-found', { status: 404, title: 'Route not found' })
export const resourceNotFound = defineProblem('resource-not-found', { status: 404, title: 'Not found' })
export const methodNotAllowed = defineProblem('method-not-allowed', { status: 405, title: 'Method not allowed' })
export const requestTimeout = defineProblem('request-timeout', { status: 408, title: 'Request timeout' })
export const deadlineExceeded = defineProblem('deadline-exceeded', { status: 408, title: 'Deadline exceeded' })
export const preconditionFailed = defineProblem('precondition-failed', { status: 412, title: 'Precondition failed' })
export const bodyTooLarge = defineProblem('body-too-large', { status: 413, title: 'Body too large' })
export const pathTooLong = defineProblem('path-too-long', { status: 414, title: 'Path too long' })
export const unsupportedMediaType = defineProblem('unsupported-media-type', {
  status: 415,
  title: 'Unsupported media type',
})
export const rangeNotSatisfiable = defineProblem('range-not-satisfiable', {
  status: 416,
  title: 'Range not satisfiable',
})
export const expectationFailed = defineProblem('expectation-failed', { status: 417, title: 'Expectation failed' })
export const misdirectedRequest = defineProblem('misdirected-request', { status: 421, title: 'Misdirected request' })
export const tooManyRequests = defineProblem('too-many-requests', { status: 429, title: 'Too many requests' })
export const headersTooLarge = defineProblem('headers-too-large', { status: 431, title: 'Headers too large' })
export const internalError = defineProblem('internal-error', { status: 500, title: 'Internal server error' })
export const badGateway = defineProblem('bad-gateway', { status: 502, title: 'Bad gateway' })
export const serviceUnavailable = defineProblem('service-unavailable', { status: 503, title: 'Service unavailable' })
export const gatewayTimeout = defineProblem('gateway-timeout', { status: 504, title: 'Gateway timeout' })

import type { Inject } from '../src/injection.ts'
import { serveOneAtATime } from './one-at-a-time.ts'
import { repeatWithoutPause } from './without-pause.ts'

export const injectRetryStorm: Inject = (fault, { app, service }) =>
  service === 'inventory' ? serveOneAtATime(fault, app) : repeatWithoutPause(fault, app)

import type { Inject } from '../src/injection.ts'
import { limitClients } from './limit-clients.ts'
import { refreshWithoutPause } from './refresh.ts'

export const injectFlood: Inject = (fault, { app, service }) =>
  service === 'gateway' ? limitClients(fault, app) : refreshWithoutPause(fault, app)

import { faultSettings } from '@hello/faults/settings'
import { databaseSettings, demoSettings, port, serviceSettings } from '@hello/service-kit/config'
import { Type } from 'typebox'

export const Config = Type.Object({
  ...serviceSettings,
  ...faultSettings,
  ...databaseSettings,
  ...demoSettings,
  PORT: port(8082),
  MANAGEMENT_PORT: port(9182),
})

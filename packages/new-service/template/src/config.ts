import { databaseSettings, port, serviceSettings } from '@hello/service-kit/config'
import { Type } from 'typebox'

export const Config = Type.Object({
  ...serviceSettings,
  ...databaseSettings,
  PORT: port(8999),
  MANAGEMENT_PORT: port(9999),
})

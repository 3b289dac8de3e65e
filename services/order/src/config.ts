import { faultSettings } from '@hello/faults/settings'
import { databaseSettings, port, serviceSettings, upstreamUrl } from '@hello/service-kit/config'
import { Type } from 'typebox'

export const Config = Type.Object({
  ...serviceSettings,
  ...faultSettings,
  ...databaseSettings,
  PORT: port(8083),
  MANAGEMENT_PORT: port(9183),
  PRODUCT_SERVICE_URL: upstreamUrl('http://127.0.0.1:8081'),
  INVENTORY_SERVICE_URL: upstreamUrl('http://127.0.0.1:8082'),
})

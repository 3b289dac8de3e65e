import { faultSettings } from '@hello/faults/settings'
import { port, serviceSettings, upstreamUrl } from '@hello/service-kit/config'
import { Type } from 'typebox'

export const Config = Type.Object({
  ...serviceSettings,
  ...faultSettings,
  PORT: port(8090),
  MANAGEMENT_PORT: port(9190),
  HEALER_DRY_RUN: Type.Boolean({
    default: true,
    description: 'say what would be done, and do nothing',
  }),
  WEBHOOK_TOKEN: Type.String({
    minLength: 16,
    description: 'secret that Alertmanager sends as a bearer token: whoever knows it may have actions taken',
  }),
  ALERTMANAGER_URL: Type.String({ default: 'http://127.0.0.1:9093', pattern: '^https?://' }),
  GATEWAY_SERVICE_URL: upstreamUrl('http://127.0.0.1:8080'),
  CHECK_PRODUCT_ID: Type.String({
    default: 'product1',
    minLength: 1,
    description: 'product of which one is ordered to see whether the shop sells',
  }),
  COOLDOWN_SECONDS: Type.Integer({
    default: 300,
    minimum: 1,
    description: 'time after an action in which nothing else is done about the same alert or the same workload',
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description: 'of a member of pg_signal_backend and pg_monitor; without it no session is ended',
    }),
  ),
  LAUNCHER_URL: Type.Optional(
    Type.String({ pattern: '^https?://', description: 'control address of make local, which restarts its processes' }),
  ),
  LAUNCHER_TOKEN: Type.String({ default: '', description: "the launcher's secret for its control address" }),
  KUBERNETES_URL: Type.Optional(
    Type.String({ pattern: '^https://', description: 'API server of the cluster that the shop runs on' }),
  ),
  KUBERNETES_NAMESPACE: Type.String({ default: 'shop', minLength: 1 }),
  KUBERNETES_TOKEN_FILE: Type.String({ default: '/var/run/secrets/kubernetes.io/serviceaccount/token' }),
})

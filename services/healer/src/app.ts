import { flagsInFile } from '@hello/faults/flags-file'
import { createApp } from '@hello/service-kit/app'
import { problemTypes } from '@hello/shop/identity'
import type { Static } from 'typebox'
import { type Actions, noActions } from './actions.ts'
import { openAlertmanager } from './alertmanager.ts'
import { sessionActions } from './blocking-sessions.ts'
import type { Config } from './config.ts'
import { flagActions } from './fault-flags.ts'
import { healerPlugin } from './healer.ts'
import { healerMetricsPlugin } from './healer-metrics.ts'
import { openOrderCheck } from './order-check.ts'
import { defaultPolicy, type Policy } from './policy.ts'
import { alertRoutes } from './routes/alerts.ts'
import { workloadActions } from './workloads.ts'

export type HealerConfig = Omit<Static<typeof Config>, 'HOST' | 'PORT' | 'MANAGEMENT_PORT' | 'SHUTDOWN_DELAY_MS'>

/**
 * Acts on alerts: one step that can be taken back, then it sees whether that helped.
 *
 * @param own what differs from the policy and the actions that the configuration says
 */
export async function buildApp(
  config: HealerConfig,
  own: { policy?: Partial<Policy>; actions?: Partial<Actions> } = {},
) {
  const app = await createApp({
    name: 'healer',
    logLevel: config.LOG_LEVEL,
    allowedHosts: config.ALLOWED_HOSTS,
    problemTypes,
    openApi: { title: 'Healer', description: 'Acts on alerts: one step that can be taken back, and then a person.' },
  })
  const observer = app.upstreamObserver
  const alertmanager = openAlertmanager({ url: config.ALERTMANAGER_URL, observer })
  const orders = openOrderCheck({ url: config.GATEWAY_SERVICE_URL, observer, productId: config.CHECK_PRODUCT_ID })
  app.addHook('onClose', () => Promise.all([alertmanager.close(), orders.close()]))

  const policy = { ...defaultPolicy, dryRun: config.HEALER_DRY_RUN, cooldown: config.COOLDOWN_SECONDS, ...own.policy }
  const actions: Actions = {
    ...noActions,
    ...(config.FAULTS_FILE && flagActions(flagsInFile(config.FAULTS_FILE))),
    ...(config.DATABASE_URL && sessionActions(app, config.DATABASE_URL)),
    ...workloadActions(app, config),
    ...own.actions,
  }
  await app.register(healerMetricsPlugin, { dryRun: policy.dryRun })
  await app.register(healerPlugin, { policy, alertmanager, actions, sells: orders.sells })
  await app.register(alertRoutes, { token: config.WEBHOOK_TOKEN })
  return app
}

import { randomUUID } from 'node:crypto'
import type { HealerWebhook } from '@hello/monitoring/alertmanager'
import type { Supervised } from '../processes/supervisor.ts'
import { type Plan, urlsOf } from '../shop/plan.ts'
import { stackUrls } from '../shop/stack-urls.ts'

/** What the healer of a shop is told, and what Alertmanager is told of it. */
export interface ShopHealer {
  /** The healer's environment. */
  env: Record<string, string>
  webhook: HealerWebhook
  /** Begins to restart what the healer asks for. */
  start(processes: () => Supervised[]): Promise<{ stop(): Promise<void> }>
}

/** Prepares what the planned healer needs; undefined where none is planned. Its secrets are new with each start. */
export function planHealer(plan: Plan): ShopHealer | undefined {
  const { control, stack } = plan
  const [url] = urlsOf(plan, 'healer')
  if (!control || !stack || !url) return undefined
  const [webhookToken, launcherToken] = [randomUUID(), randomUUID()]
  const { alertmanager } = stackUrls(stack)
  return {
    env: {
      WEBHOOK_TOKEN: webhookToken,
      LAUNCHER_URL: `http://127.0.0.1:${control}`,
      LAUNCHER_TOKEN: launcherToken,
      ...(alertmanager && { ALERTMANAGER_URL: alertmanager }),
    },
    webhook: { url: `${url}/alerts`, token: webhookToken },
    async start(processes) {
      const { startControl } = await import('./control.ts')
      return startControl({ port: control, token: launcherToken, processes })
    },
  }
}

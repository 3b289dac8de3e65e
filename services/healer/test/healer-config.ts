import type { HealerConfig } from '../src/app.ts'

export const token = 'a-token-of-a-test'

/** What the tests of the healer start from. */
export const testConfig: Omit<HealerConfig, 'ALERTMANAGER_URL' | 'GATEWAY_SERVICE_URL'> = {
  LOG_LEVEL: 'silent',
  ALLOWED_HOSTS: 'localhost',
  HEALER_DRY_RUN: true,
  WEBHOOK_TOKEN: token,
  CHECK_PRODUCT_ID: 'product1',
  COOLDOWN_SECONDS: 300,
  LAUNCHER_TOKEN: '',
  KUBERNETES_NAMESPACE: 'shop',
  KUBERNETES_TOKEN_FILE: '/nowhere',
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { AlertList, Silence } from '@hello/shop/api/alert'
import { buildApp } from '../server/app.ts'

const config = {
  GATEWAY_SERVICE_URL: 'http://127.0.0.1:1',
  LOG_LEVEL: 'silent',
  ALLOWED_HOSTS: 'localhost,127.0.0.1',
  TRUSTED_PROXIES: '',
  ALERT_SILENCES: true,
  FAULTS_PAGE: false,
  OIDC_SCOPE: 'openid profile',
} as const

const bundle = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'bundle-'))}/`)
writeFileSync(new URL('index.html', bundle), '<!doctype html><title>Shop</title>')
process.on('exit', () => rmSync(bundle, { recursive: true }))

/** The bundle of a page that says "Shop". */
export const testBundle = bundle

/** Settings of a frontend's server without a gateway. */
export const testSettings = config

/** The frontend's server, without a gateway where no setting gives one. */
export async function frontend(
  t: TestContext,
  settings: Partial<Parameters<typeof buildApp>[0]> = {},
  served = bundle,
) {
  const app = await buildApp({ ...config, ...settings }, served)
  t.after(() => app.close())
  return app
}

/** The frontend's server without a gateway, with an Alertmanager where an address is given. */
export async function frontendServer(t: TestContext, ALERTMANAGER_URL?: string, ALERT_SILENCES = true) {
  const app = await frontend(t, { ...(ALERTMANAGER_URL && { ALERTMANAGER_URL }), ALERT_SILENCES })
  return {
    app,
    list: async (): Promise<AlertList> => (await app.inject('/alerts/api/alerts')).json(),
    silences: async (): Promise<Silence[]> => (await app.inject('/alerts/api/silences')).json(),
    silence: (body: object, headers: Record<string, string> = {}) =>
      app.inject({ method: 'POST', url: '/alerts/api/silences', headers, payload: body }),
    end: (id: string) => app.inject({ method: 'DELETE', url: `/alerts/api/silences/${id}` }),
  }
}

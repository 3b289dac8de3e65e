import { queryOptions } from '@tanstack/react-query'

/** What the frontend's server says about this installation, in `GET /config.json`. */
export type AppConfig = {
  tracing: boolean
  signals: boolean
  /** Whether Alertmanager can be asked what fires, and whether this page may silence it. */
  alerts: boolean
  silences: boolean
  /** Whether this page may break the shop on purpose. */
  faults: boolean
  /** Whether a lab that runs on this machine is shown and answered here. */
  lab: boolean
  /** Whether customers sign in, and as whom this browser has. */
  signIn: boolean
  customer: string | null
  jaegerUrl: string | null
  grafanaUrl: string | null
}

async function getAppConfig(): Promise<AppConfig> {
  const response = await fetch('/config.json')
  if (!response.ok) throw new Error(`GET /config.json answered ${response.status}`)
  return response.json()
}

export const appConfigOptions = queryOptions({ queryKey: ['config'], queryFn: getAppConfig, staleTime: 'static' })

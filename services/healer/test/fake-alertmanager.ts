import { json, startServer } from '@hello/service-kit/testing/http-server'
import type { GivenAlert, PostedAlert } from '../src/alertmanager.ts'

/** An alert as Alertmanager has it. */
export const alertOf = (labels: Record<string, string>, own: Partial<GivenAlert> = {}): GivenAlert => ({
  fingerprint: 'a'.repeat(16),
  labels: { namespace: 'shop', team: 'shop', severity: 'warning', ...labels },
  annotations: { runbook_url: `https://example.com/runbooks/${labels.alertname}.md` },
  startsAt: new Date().toISOString(),
  status: { state: 'active' },
  ...own,
})

/** Answers as Alertmanager's API v2 does, on a real socket; a test decides what fires, and sees what was posted. */
export async function startAlertmanager() {
  const alertmanager = { url: '', firing: [] as GivenAlert[], posted: [] as PostedAlert[], asked: 0, away: false }
  const { url } = await startServer(({ method, path, body }, response) => {
    if (path !== '/api/v2/alerts') return json(response, 404, {})
    if (alertmanager.away) return json(response, 500, {})
    if (method === 'GET') alertmanager.asked++
    if (method === 'POST') alertmanager.posted.push(...JSON.parse(body))
    json(response, 200, method === 'GET' ? alertmanager.firing : {})
  })
  alertmanager.url = url
  return alertmanager
}

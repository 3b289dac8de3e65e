import type { ExpectedAlert } from '@hello/faults/fault'
import { getJson } from '../lib/get-json.ts'

export interface FiringAlert {
  name: string
  labels: Record<string, string>
  /** Whether it pages a person: critical, and held back by no other. */
  pages: boolean
}

interface AlertmanagerAlert {
  labels: Record<string, string>
  status: { inhibitedBy: string[] }
}

/** What Alertmanager has, but for the dead man's switch, which always fires. */
export async function firingAlerts(alertmanager: string): Promise<FiringAlert[]> {
  const alerts: AlertmanagerAlert[] = await getJson(alertmanager, '/api/v2/alerts', { active: 'true' })
  return alerts
    .map(({ labels, status }) => ({
      name: labels.alertname!,
      labels,
      pages: labels.severity === 'critical' && status.inhibitedBy.length === 0,
    }))
    .filter(({ name }) => name !== 'ShopDeadMansSwitch')
}

/** Whether an alert is the one expected. */
export const isExpected =
  ({ name, labels }: FiringAlert) =>
  (expected: ExpectedAlert): boolean =>
    expected.alert === name && Object.entries(expected.labels ?? {}).every(([label, value]) => labels[label] === value)

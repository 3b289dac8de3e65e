import { type AlertRule, alertRule } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** Whether the backups of charts/postgres are taken. */
export function backupAlerts(names: Names, { backup }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const own = `${here}, cronjob="${names.database}-backup"`
  const jobs = `${here}, job_name=~"${names.database}-backup-.+"`
  const app = names.database
  const about = { severity: 'warning', app, labels: { app }, dashboard: 'postgres' } as const
  const succeeded = `kube_cronjob_status_last_successful_time{${own}}`
  const created = `kube_cronjob_created{${own}}`
  const failed = `max by (cronjob) (label_replace(kube_job_created{${jobs}} and on (job_name) kube_job_failed{${jobs}, condition="true"} == 1, "cronjob", "$1", "job_name", "(.+)-[0-9]+"))`
  return [
    alertRule(names, {
      ...about,
      name: 'ShopBackupMissing',
      // Before the first one, since there is somebody to take it.
      expr: `time() - max by (cronjob) (${succeeded} or ${created}) > ${backup.seconds}`,
      summary: 'There is no backup of the last day.',
      description: 'No job of {{ $labels.cronjob }} has succeeded for {{ $value | humanizeDuration }}.',
    }),
    alertRule(names, {
      ...about,
      name: 'ShopBackupFailed',
      // A failed job stays; the next success ends it.
      expr: `${failed} > on (cronjob) max by (cronjob) (${succeeded} or 0 * ${created})`,
      summary: 'A backup failed.',
      description: 'The last job of {{ $labels.cronjob }} failed, with all of its retries.',
    }),
  ]
}

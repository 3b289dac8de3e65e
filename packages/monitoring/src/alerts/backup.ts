import { type AlertRule, alertRule } from '../alert.ts'
import type { Names } from '../names.ts'
import type { Objectives } from '../objectives.ts'

/** Whether the backups of charts/postgres are taken. */
export function backupAlerts(names: Names, { backup }: Objectives): AlertRule[] {
  const here = `namespace="${names.namespace}"`
  const own = `${here}, cronjob="${names.database}-backup"`
  const jobs = `${here}, job_name=~"${names.database}-backup-.+"`
  const about = { severity: 'warning', app: names.database, dashboard: 'postgres' } as const
  const labels = { app: names.database }
  const succeeded = `kube_cronjob_status_last_successful_time{${own}}`
  const created = `kube_cronjob_created{${own}}`
  const failed = `max by (cronjob) (label_replace(kube_job_created{${jobs}} and on (job_name) kube_job_failed{${jobs}, condition="true"} == 1, "cronjob", "$1", "job_name", "(.+)-[0-9]+"))`
  return [
    alertRule(names, {
      ...about,
      labels,
      name: 'ShopBackupMissing',
      // Before the first one, since there is somebody to take it.
      expr: `time() - max by (cronjob) (${succeeded} or ${created}) > ${backup.seconds}`,
      summary: 'There is no backup of the last day.',
      description: 'The last backup of {{ $labels.cronjob }} that succeeded is {{ $value | humanizeDuration }} old.',
    }),
    alertRule(names, {
      ...about,
      labels,
      name: 'ShopBackupFailed',
      // A failed job stays; the next success ends it.
      expr: `${failed} > on (cronjob) max by (cronjob) (${succeeded} or 0 * ${created})`,
      summary: 'A backup failed.',
      description: 'The last job of {{ $labels.cronjob }} failed, with all of its retries.',
    }),
  ]
}

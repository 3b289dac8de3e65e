import { gauge, hours, minutes, type Scenario, silent } from '../scenario.ts'

const own = 'namespace="shop", cronjob="postgres-backup"'
const fires = [{ cronjob: 'postgres-backup' }]
const created = (values: string) => ({ [`kube_cronjob_created{${own}}`]: values })
const succeeded = (values: string) => ({ [`kube_cronjob_status_last_successful_time{${own}}`]: values })

/** Samples an hour. */
const hour = 4

const missing: Scenario[] = [
  {
    alert: 'ShopBackupMissing',
    title: 'fires 26 hours after the last one succeeded, and ends with the next',
    interval: '15m',
    series: {
      ...created('0x400'),
      ...succeeded(`_x${10 * hour} ${gauge([40 * hour, hours(10)], [20 * hour, hours(50)])}`),
    },
    expect: [
      silent(hours(36)),
      {
        at: hours(36.25),
        fires,
        description: 'No job of postgres-backup has succeeded for 1d 2h 15m 0s.',
      },
      silent(hours(50)),
    ],
  },
  {
    alert: 'ShopBackupMissing',
    title: 'fires when none has succeeded since there is the job',
    interval: '15m',
    series: { ...created(gauge([40 * hour, hours(1)])) },
    expect: [silent(hours(26.5)), { at: hours(27.25), fires }],
  },
  {
    alert: 'ShopBackupMissing',
    title: 'is silent while one is taken each day, an hour late at times',
    interval: '15m',
    series: {
      ...created('0x400'),
      ...succeeded(gauge([25 * hour, 0], [24 * hour, hours(25)], [24 * hour, hours(49)])),
    },
    expect: [24.75, 48.75, 70].map((at) => silent(hours(at), 'below')),
  },
  {
    alert: 'ShopBackupMissing',
    title: 'is silent where there is no such job',
    interval: '15m',
    series: { 'kube_cronjob_created{namespace="shop", cronjob="postgres-restore"}': '0x400' },
    expect: [silent(hours(60), 'missing series')],
  },
]

/** A job that was made then and failed five minutes later. */
const job = (made: number) => ({
  'kube_job_created{namespace="shop", job_name="postgres-backup-29401"}': `_x${made / 60} ${made}x200`,
  'kube_job_failed{namespace="shop", job_name="postgres-backup-29401", condition="true"}': `_x${made / 60 + 5} 1x200`,
})

const failed: Scenario[] = [
  {
    alert: 'ShopBackupFailed',
    title: 'fires when a job failed after the last success, and ends with the next, though the job stays',
    interval: '1m',
    series: { ...created('0x200'), ...succeeded(gauge([100, 60], [100, minutes(90)])), ...job(minutes(50)) },
    expect: [
      silent(minutes(54)),
      { at: minutes(55), fires, description: 'The last job of postgres-backup failed, with all of its retries.' },
      { at: minutes(99), fires },
      silent(minutes(100)),
    ],
  },
  {
    alert: 'ShopBackupFailed',
    title: 'fires when the first one failed',
    interval: '1m',
    series: { ...created('0x200'), ...job(minutes(50)) },
    expect: [{ at: minutes(60), fires }],
  },
  {
    alert: 'ShopBackupFailed',
    title: 'is silent about a job that failed before the last success',
    interval: '1m',
    series: { ...created('0x200'), ...succeeded(gauge([200, minutes(60)])), ...job(minutes(50)) },
    expect: [silent(minutes(80), 'below')],
  },
  {
    alert: 'ShopBackupFailed',
    title: 'is silent where there is no such CronJob any more',
    interval: '1m',
    series: job(minutes(50)),
    expect: [silent(minutes(80), 'missing series')],
  },
  {
    alert: 'ShopBackupFailed',
    title: 'is silent where nobody tells of jobs',
    interval: '1m',
    series: { ...created('0x200'), ...succeeded(gauge([200, 60])) },
    expect: [silent(minutes(80), 'missing series')],
  },
]

export const backupScenarios: Scenario[] = [...missing, ...failed]

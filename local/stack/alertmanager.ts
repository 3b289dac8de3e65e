import { join } from 'node:path'
import { alertmanagerConfiguration, type Receivers } from '@hello/monitoring/alertmanager'
import { notificationTimes } from '@hello/monitoring/objectives'
import { scaledDuration, scaledDurations } from '@hello/monitoring/time-scale'
import { stringify } from 'yaml'
import { asPeopleSay } from '../shop/service-program.ts'
import type { StackProgram, StackSurroundings } from './stack-program.ts'

/** Nobody is told; Alertmanager and the Alerts view show what there is. */
const nobody: Receivers = { language: 'en', pages: {}, tickets: {} }

/** After how long an alert is over of which nobody says so: Alertmanager's default, which Prometheus' alerts do not need. */
const resolveTimeout = '5m'

/** Alertmanager with the routes and inhibition of charts/observability. */
export function alertmanager(
  { folder, names, stack, timeScale }: StackSurroundings,
  receivers: Partial<Receivers> = {},
): StackProgram {
  const times = scaledDurations(notificationTimes, timeScale)
  const configuration = {
    global: { resolve_timeout: scaledDuration(resolveTimeout, timeScale) },
    ...alertmanagerConfiguration(names, { ...nobody, ...receivers }, times),
  }
  const url = `http://127.0.0.1:${stack.ports.alertmanager.http}`
  return {
    args: [
      `--config.file=${join(folder, 'alertmanager.yaml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
      `--web.external-url=${asPeopleSay(url)}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    files: { 'alertmanager.yaml': stringify(configuration) },
    readyUrl: `${url}/-/ready`,
  }
}

import { join } from 'node:path'
import { alertmanagerConfiguration, type Receivers } from '@hello/monitoring/alertmanager'
import { stringify } from 'yaml'
import { asPeopleSay } from '../shop/service-program.ts'
import type { StackProgram, StackSurroundings } from './stack-program.ts'

/** Nobody is told; Alertmanager and the Alerts view show what there is. */
const nobody: Receivers = { language: 'en', pages: {}, tickets: {} }

/** Alertmanager with the routes and inhibition of charts/observability. */
export function alertmanager(
  { folder, names, stack }: StackSurroundings,
  receivers: Partial<Receivers> = {},
): StackProgram {
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
    files: { 'alertmanager.yaml': stringify(alertmanagerConfiguration(names, { ...nobody, ...receivers })) },
    readyUrl: `${url}/-/ready`,
  }
}

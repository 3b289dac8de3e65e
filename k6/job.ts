import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pinnedTools } from '../cluster/src/pinned-tools.ts'
import type { ProfileName } from './lib/profiles.ts'
import { k6Arguments, remoteWrite, remoteWriteTo } from './run-on-host.ts'

/** The release of the gateway, in the shop's namespace; by its own name it answers there. */
const gateway = 'gateway'

export interface JobOptions {
  profile: ProfileName
  /** For the scripts. */
  env: Record<string, string>
  /** Address of a Prometheus in the cluster that takes samples, where there is one. */
  prometheus: string | undefined
}

/** Of the Job and its scripts. */
export const jobName = 'load-test'

const root = join(import.meta.dirname, '..')

/** The image of the k6 that `make tools` fetches. */
const image = `grafana/k6:${pinnedTools.find(({ name }) => name === 'k6')!.version}`

/** What k6 reads, from the checkout's root. */
const scripts = [...globSync(['k6/lib/*.ts'], { cwd: root }), 'packages/monitoring/src/objectives.ts']

/** A ConfigMap knows no folders; the volume puts each file where it is in the checkout. */
const keyOf = (path: string): string => path.replaceAll('/', '__')

/** Longer than any profile with all that comes before and after, in seconds. */
const deadline = 7200

/** The Job that runs k6 in the cluster, and the ConfigMap of its scripts. */
export function jobManifests({ profile, env, prometheus }: JobOptions) {
  const files = [...scripts, `k6/${profile}.ts`]
  const environment = {
    GATEWAY_URL: `http://${gateway}:8080`,
    ALLOW_HOST: gateway,
    ...env,
    ...(prometheus && remoteWriteTo(prometheus)),
  }
  const metadata = { name: jobName, labels: { 'app.kubernetes.io/name': jobName } }
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: Object.fromEntries(files.map((path) => [keyOf(path), readFileSync(join(root, path), 'utf8')])),
  }
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: deadline,
      template: {
        metadata: { labels: metadata.labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          // k6 settles the books when it is ended.
          terminationGracePeriodSeconds: 60,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 12_345, // that of the image
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'k6',
              image,
              workingDir: '/scripts',
              args: [...k6Arguments, ...(prometheus ? [remoteWrite] : []), `k6/${profile}.ts`],
              env: Object.entries(environment).map(([name, value]) => ({ name, value })),
              resources: { requests: { cpu: '500m', memory: '256Mi' }, limits: { memory: '2Gi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [{ name: 'scripts', mountPath: '/scripts', readOnly: true }],
            },
          ],
          volumes: [
            {
              name: 'scripts',
              configMap: { name: jobName, items: files.map((path) => ({ key: keyOf(path), path })) },
            },
          ],
        },
      },
    },
  }
  return { configMap, job }
}

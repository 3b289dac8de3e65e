import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import type { Actions } from './actions.ts'
import type { Config } from './config.ts'
import { kubernetesActions } from './kubernetes.ts'
import { launcherActions } from './launcher.ts'

type WorkloadSettings = Pick<
  Static<typeof Config>,
  'LAUNCHER_URL' | 'LAUNCHER_TOKEN' | 'KUBERNETES_URL' | 'KUBERNETES_NAMESPACE' | 'KUBERNETES_TOKEN_FILE'
>

/** What can be done to the shop where it runs: to processes of the launcher, to Deployments and their flags, or nothing. */
export function workloadActions(app: FastifyInstance, settings: WorkloadSettings): Partial<Actions> {
  const { LAUNCHER_URL, LAUNCHER_TOKEN, KUBERNETES_URL, KUBERNETES_NAMESPACE, KUBERNETES_TOKEN_FILE } = settings
  if (LAUNCHER_URL) return launcherActions(app, { url: LAUNCHER_URL, token: LAUNCHER_TOKEN })
  if (!KUBERNETES_URL) return {}
  return kubernetesActions(app, {
    url: KUBERNETES_URL,
    namespace: KUBERNETES_NAMESPACE,
    tokenFile: KUBERNETES_TOKEN_FILE,
  })
}

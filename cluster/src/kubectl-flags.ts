import type { FlagStore } from '@hello/faults/flag-store'
import { flagsConfigMap, flagsInConfigMap } from '@hello/faults/flags-config-map'
import { services } from '@hello/shop/services'
import { run } from './command.ts'

/** Of a pod, when its kubelet was told to look at its volumes at once; by itself it does so about every minute. */
const told = 'hello-observability/flags-changed'

const shop = `app.kubernetes.io/name in (${services.map(({ name }) => name).join()})`

/** kubectl could not do what it was asked for, as it says. */
export class KubectlFailed extends Error {}

/**
 * The flags of the shop in a cluster, by kubectl, which runs with the rights of whoever calls. Throws KubectlFailed.
 *
 * @param context of kubectl's configuration
 */
export function flagsInCluster(context: string): FlagStore {
  async function kubectl(args: string[], input = ''): Promise<string> {
    // Ctrl-C ends the fault, which takes kubectl.
    const options = { input, detached: true }
    const { code, output, stdout } = await run(
      'kubectl',
      ['--context', context, '--namespace', 'shop', ...args],
      options,
    )
    if (code !== 0) throw new KubectlFailed(output)
    return stdout
  }

  return flagsInConfigMap({
    async read() {
      const found = await kubectl(['get', 'configmap', flagsConfigMap.name, '--ignore-not-found', '--output=json'])
      return found && JSON.parse(found)
    },
    async write(configMap) {
      const verb = configMap.metadata.resourceVersion ? 'replace' : 'create'
      try {
        await kubectl([verb, '--filename=-'], JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', ...configMap }))
      } catch (error) {
        if (/\((Conflict|AlreadyExists)\)/.test((error as Error).message)) return false
        throw error
      }
      try {
        await kubectl(['annotate', 'pods', '--selector', shop, '--overwrite', `${told}=${Date.now()}`])
      } catch (error) {
        // kubectl lists the pods and then goes through them to the end: what has gone meanwhile needs to be told nothing.
        const errors = (error as Error).message.split('\n').filter((line) => !line.endsWith(' annotated'))
        if (errors.length === 0 || !errors.every((line) => line.includes('(NotFound): pods '))) throw error
      }
      return true
    },
  })
}

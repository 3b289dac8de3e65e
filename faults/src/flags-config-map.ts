import type { FlagStore } from './flag-store.ts'
import { type FlagsFile, formatFlags, noFlags, parseFlags } from './flags-format.ts'

/** Its name, and its key that is the name of the file in the pods (cluster/values/faults.yaml). */
export const flagsConfigMap = { name: 'faults', key: 'faults.json' }

/** What is read of https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/config-map-v1/ */
export interface ConfigMap {
  metadata: { name: string; resourceVersion?: string }
  data?: Record<string, string>
}

/** How a cluster's ConfigMap is reached. */
export interface ConfigMapAccess {
  /** Undefined where there is none. */
  read(): Promise<ConfigMap | undefined>
  /** Makes one without a version, replaces the version of one with it; false where somebody else has written meanwhile. */
  write(configMap: ConfigMap): Promise<boolean>
}

/** How often a write is tried while others write, too. */
const attempts = 20

const contentOf = (found: ConfigMap | undefined): FlagsFile => {
  const text = found?.data?.[flagsConfigMap.key]
  return text === undefined ? noFlags() : parseFlags(text, `The ConfigMap ${flagsConfigMap.name}`)
}

/** Flags in a ConfigMap, of which the API server lets nobody replace a version that is no longer the last. */
export const flagsInConfigMap = ({ read, write }: ConfigMapAccess): FlagStore => ({
  // A change is in every pod a second or two after they were told to look, and each word is three calls of kubectl.
  ...{ lease: 30_000, renewal: 5000 },
  read: async () => contentOf(await read()),
  async change(change) {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const found = await read()
      const content = contentOf(found)
      if (!change(content)) return
      const { name, key } = flagsConfigMap
      const data = { ...found?.data, [key]: formatFlags(content) }
      if (await write({ ...found, metadata: { name, ...found?.metadata }, data })) return
    }
    throw new Error(`The ConfigMap ${flagsConfigMap.name} is written by others again and again; nothing was changed.`)
  },
})

import { flagsConfigMap, flagsInConfigMap } from '@hello/faults/flags-config-map'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Actions, Refused } from './actions.ts'
import { flagActions } from './fault-flags.ts'
import { type KubernetesOptions, openKubernetes } from './kubernetes-api.ts'

/** The label of its pods by which a Deployment lets the healer touch it. */
export const optIn = 'hello-observability/heal'

// What is read of https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
const Annotations = Type.Optional(Type.Record(Type.String(), Type.String()))
const Template = Type.Object({
  metadata: Type.Object({ labels: Type.Record(Type.String(), Type.String()) }),
})
const Deployment = Type.Object({
  metadata: Type.Object({ uid: Type.String(), resourceVersion: Type.String(), annotations: Annotations }),
  spec: Type.Object({ template: Template }),
})
const ReplicaSets = Type.Object({
  items: Type.Array(
    Type.Object({
      metadata: Type.Object({
        name: Type.String(),
        annotations: Annotations,
        ownerReferences: Type.Optional(Type.Array(Type.Object({ uid: Type.String() }))),
      }),
      spec: Type.Object({ template: Template }),
    }),
  ),
})
const ConfigMap = Type.Object({
  metadata: Type.Object({ name: Type.String(), resourceVersion: Type.String() }),
  data: Type.Optional(Type.Record(Type.String(), Type.String())),
})
const deployments = Compile(Deployment)
const replicaSets = Compile(ReplicaSets)
const configMaps = Compile(ConfigMap)

const revision = 'deployment.kubernetes.io/revision'
/** On a Deployment: the ReplicaSet that was given up, so that undoing twice does not bring it back. */
const undone = 'hello-observability/undone'

/** What can be done to the Deployments of a namespace, and to the flags of its faults. */
export function kubernetesActions(
  app: FastifyInstance,
  options: KubernetesOptions,
): Pick<Actions, 'flagsOff' | 'restart' | 'undoRollout'> {
  const { read, change } = openKubernetes(app, options)
  const namespace = encodeURIComponent(options.namespace)
  const apps = `/apis/apps/v1/namespaces/${namespace}`
  const pathOf = (name: string) => `${apps}/deployments/${encodeURIComponent(name)}`
  const flags = `/api/v1/namespaces/${namespace}/configmaps/${flagsConfigMap.name}`

  async function patch(name: string, type: string, content: unknown) {
    const patched = await change(pathOf(name), { method: 'PATCH', type: `application/${type}+json`, content })
    if (!patched) throw new Error(`The Deployment ${name} was changed by somebody else meanwhile.`)
  }

  /** @throws Refused when the Deployment has not opted in */
  async function willing(name: string) {
    const found = await read<typeof Deployment>(pathOf(name), deployments)
    if (found && found.spec.template.metadata.labels[optIn] !== 'true')
      throw new Refused(`The pods of the Deployment ${name} have no label ${optIn}: "true".`)
    return found
  }

  return {
    ...flagActions(
      flagsInConfigMap({
        read: () => read<typeof ConfigMap>(flags, configMaps),
        write: (content) => change(flags, { method: 'PUT', type: 'application/json', content }),
      }),
    ),

    async restart(name) {
      if (!(await willing(name))) return undefined
      return {
        what: `restarts the Deployment ${name}`,
        async take() {
          const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() }
          const content = { spec: { template: { metadata: { annotations } } } }
          await patch(name, 'strategic-merge-patch', content)
        },
      }
    },

    async undoRollout(name) {
      const deployment = await willing(name)
      if (!deployment) return undefined
      const { metadata } = deployment
      const all = await read<typeof ReplicaSets>(`${apps}/replicasets`, replicaSets)
      const own = (all?.items ?? [])
        .filter((one) => one.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid))
        .toSorted(
          (a, b) => Number(b.metadata.annotations?.[revision] ?? 0) - Number(a.metadata.annotations?.[revision] ?? 0),
        )
      const [current, before] = own
      if (!current || !before || before.metadata.name === metadata.annotations?.[undone]) return undefined
      return {
        what: `takes the Deployment ${name} back from ${current.metadata.name} to ${before.metadata.name}`,
        async take() {
          const template = structuredClone(before.spec.template)
          delete template.metadata.labels['pod-template-hash']
          const content = [
            // Somebody else has rolled out meanwhile: then it fails.
            { op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
            { op: 'replace', path: '/spec/template', value: template },
            { op: 'add', path: `/metadata/annotations/${undone.replace('/', '~1')}`, value: current.metadata.name },
          ]
          await patch(name, 'json-patch', content)
        },
      }
    },
  }
}

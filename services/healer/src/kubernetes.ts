import { readFile } from 'node:fs/promises'
import { createUpstream } from '@hello/service-kit/upstream'
import type { FastifyInstance } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { type Actions, Refused } from './actions.ts'

/** The label of its pods by which a Deployment lets the healer touch it. */
export const optIn = 'hello-observability/heal'

/** Milliseconds until there is an answer. */
const timeout = 3000

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
const deployments = Compile(Deployment)
const replicaSets = Compile(ReplicaSets)

const revision = 'deployment.kubernetes.io/revision'
/** On a Deployment: the ReplicaSet that was given up, so that undoing twice does not bring it back. */
const undone = 'hello-observability/undone'

export interface KubernetesOptions {
  url: string
  namespace: string
  /** The pod's own token, which Kubernetes exchanges within the hour. */
  tokenFile: string
}

/**
 * What can be done to the Deployments of a namespace, by the API server. Four calls are needed of it, so that no client library is:
 * @kubernetes/client-node 2 brings sixteen packages and the types of the whole API. Its CA is Node's (NODE_EXTRA_CA_CERTS).
 */
export function kubernetesActions(
  app: FastifyInstance,
  { url, namespace, tokenFile }: KubernetesOptions,
): Pick<Actions, 'restart' | 'undoRollout'> {
  const api = createUpstream({ name: 'kubernetes', url, attemptTimeout: timeout, observer: app.upstreamObserver })
  app.addHook('onClose', () => api.close())
  const apps = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}`

  async function ask(method: 'GET' | 'PATCH', path: string, patch?: { type: string; content: unknown }) {
    const token = await readFile(tokenFile, 'utf8')
    const { statusCode, body } = await api.requestJson({
      method,
      path: apps + path,
      headers: { authorization: `Bearer ${token.trim()}`, ...(patch && { 'content-type': patch.type }) },
      ...(patch && { body: JSON.stringify(patch.content) }),
      deadline: Date.now() + timeout,
      repeatable: method === 'GET',
    })
    if (statusCode === 404) return undefined
    if (statusCode !== 200) throw new Error(`Kubernetes answered ${statusCode} to ${method} ${path}.`)
    return body
  }

  async function read<S extends TSchema>(path: string, schema: { Check(value: unknown): boolean }) {
    const body = await ask('GET', path)
    if (body !== undefined && !schema.Check(body)) throw new Error(`Kubernetes answered ${path} with something else.`)
    return body as Static<S> | undefined
  }

  const pathOf = (name: string) => `/deployments/${encodeURIComponent(name)}`

  /** @throws Refused when the Deployment has not opted in */
  async function willing(name: string) {
    const found = await read<typeof Deployment>(pathOf(name), deployments)
    if (found && found.spec.template.metadata.labels[optIn] !== 'true')
      throw new Refused(`The pods of the Deployment ${name} have no label ${optIn}: "true".`)
    return found
  }

  return {
    async restart(name) {
      if (!(await willing(name))) return undefined
      return {
        what: `restarts the Deployment ${name}`,
        async take() {
          const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() }
          const content = { spec: { template: { metadata: { annotations } } } }
          await ask('PATCH', pathOf(name), { type: 'application/strategic-merge-patch+json', content })
        },
      }
    },

    async undoRollout(name) {
      const deployment = await willing(name)
      if (!deployment) return undefined
      const { metadata } = deployment
      const all = await read<typeof ReplicaSets>('/replicasets', replicaSets)
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
          await ask('PATCH', pathOf(name), { type: 'application/json-patch+json', content })
        },
      }
    },
  }
}

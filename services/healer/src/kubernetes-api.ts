import { readFile } from 'node:fs/promises'
import { createUpstream } from '@hello/service-kit/upstream'
import type { FastifyInstance } from 'fastify'
import type { Static, TSchema } from 'typebox'

/** Milliseconds until there is an answer. */
const timeout = 3000

export interface KubernetesOptions {
  url: string
  namespace: string
  /** The pod's own token, which Kubernetes exchanges within the hour. */
  tokenFile: string
}

interface Change {
  method: 'PATCH' | 'PUT'
  /** Content type of the body. */
  type: string
  content: unknown
}

/**
 * The API server, as far as the healer needs it: so few calls that no client library is needed for them. @kubernetes/client-node 2
 * brings sixteen packages and the types of the whole API. Its CA is Node's (NODE_EXTRA_CA_CERTS).
 */
export function openKubernetes(app: FastifyInstance, { url, tokenFile }: KubernetesOptions) {
  const api = createUpstream({ name: 'kubernetes', url, attemptTimeout: timeout, observer: app.upstreamObserver })
  app.addHook('onClose', () => api.close())

  async function ask(path: string, change?: Change) {
    const token = await readFile(tokenFile, 'utf8')
    const { statusCode, body } = await api.requestJson({
      method: change?.method ?? 'GET',
      path,
      headers: { authorization: `Bearer ${token.trim()}`, ...(change && { 'content-type': change.type }) },
      ...(change && { body: JSON.stringify(change.content) }),
      deadline: Date.now() + timeout,
      repeatable: !change,
    })
    return { statusCode, body }
  }

  const refused = (statusCode: number, method: string, path: string) =>
    new Error(`Kubernetes answered ${statusCode} to ${method} ${path}.`)

  return {
    /**
     * @returns undefined where there is no such object
     * @throws Error when there is another answer than the object
     */
    async read<S extends TSchema>(path: string, schema: { Check(value: unknown): boolean }) {
      const { statusCode, body } = await ask(path)
      if (statusCode === 404) return undefined
      if (statusCode !== 200) throw refused(statusCode, 'GET', path)
      if (!schema.Check(body)) throw new Error(`Kubernetes answered ${path} with something else.`)
      return body as Static<S>
    },

    /**
     * @returns false where somebody else has changed the object meanwhile
     * @throws Error when it is not changed for another reason
     */
    async change(path: string, change: Change) {
      const { statusCode } = await ask(path, change)
      if (statusCode !== 200 && statusCode !== 409) throw refused(statusCode, change.method, path)
      return statusCode === 200
    },
  }
}

export type Kubernetes = ReturnType<typeof openKubernetes>

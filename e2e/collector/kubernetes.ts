import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

interface Pod {
  metadata: { name: string; namespace: string; uid: string; labels: Record<string, string> }
}

/** What the agent asks the API server of Kubernetes: which pods there are, and to be told of more. */
export async function startKubernetes(t: TestContext, pods: Pod[]): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    const items = pathname.endsWith('/pods') ? pods : []
    response.setHeader('content-type', 'application/json')
    if (!searchParams.has('watch')) {
      const kind = pathname.endsWith('/pods') ? 'PodList' : 'List'
      return response.end(JSON.stringify({ kind, apiVersion: 'v1', metadata: { resourceVersion: '1' }, items }))
    }
    response.flushHeaders()
    if (!searchParams.has('sendInitialEvents')) return
    const tell = (type: string, metadata: object) =>
      response.write(`${JSON.stringify({ type, object: { kind: 'Pod', apiVersion: 'v1', metadata } })}\n`)
    for (const { metadata } of items) tell('ADDED', { ...metadata, resourceVersion: '1' })
    tell('BOOKMARK', { resourceVersion: '1', annotations: { 'k8s.io/initial-events-end': 'true' } })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

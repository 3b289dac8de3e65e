import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { json, startServer, unusedUrl } from '@hello/service-kit/testing/http-server'
import type { Actions } from '../src/actions.ts'
import { buildApp } from '../src/app.ts'
import { kubernetesActions, optIn } from '../src/kubernetes.ts'
import { testConfig } from './healer-config.ts'

const labels = { 'app.kubernetes.io/name': 'order', [optIn]: 'true' }
const deployment = (own: object = labels, annotations: object = {}) => ({
  metadata: { name: 'order', uid: 'u1', resourceVersion: '7', annotations },
  spec: { template: { metadata: { labels: own }, spec: { containers: [{ image: 'order:2' }] } } },
})
const replicaSet = (name: string, revision: number, image: string, uid = 'u1') => ({
  metadata: {
    name,
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    ownerReferences: [{ uid }],
  },
  spec: {
    template: {
      metadata: { labels: { ...labels, 'pod-template-hash': name } },
      spec: { containers: [{ image }] },
    },
  },
})

/** Answers as the API server does of one Deployment and of the namespace's ReplicaSets. */
const state = { deployment: deployment() as unknown, replicaSets: [] as unknown[], status: 200 }
const server = await startServer(({ method, path }, response) => {
  if (path.endsWith('/replicasets')) return json(response, 200, { items: state.replicaSets })
  if (!path.endsWith('/deployments/order')) return json(response, 404, {})
  json(response, method === 'PATCH' ? state.status : 200, state.deployment)
})
const tokenFile = join(mkdtempSync(join(tmpdir(), 'healer-token-')), 'token')
writeFileSync(tokenFile, 'the-token\n')
const nowhere = await unusedUrl()

describe('Deployments', () => {
  let app: Awaited<ReturnType<typeof buildApp>>
  let workloads: Pick<Actions, 'restart' | 'undoRollout'>
  before(async () => {
    app = await buildApp({ ...testConfig, ALERTMANAGER_URL: nowhere, GATEWAY_SERVICE_URL: nowhere })
    workloads = kubernetesActions(app, { url: server.url, namespace: 'shop', tokenFile })
    await app.ready()
  })
  after(() => app.close())
  beforeEach(() => {
    server.seen.length = 0
    Object.assign(state, {
      deployment: deployment(),
      status: 200,
      replicaSets: [
        replicaSet('order-1', 1, 'order:0'),
        replicaSet('order-3', 3, 'order:2'),
        replicaSet('order-2', 2, 'order:1'),
        replicaSet('product-9', 9, 'product:1', 'u2'),
      ],
    })
  })
  const patches = () => server.seen.filter(({ method }) => method === 'PATCH')

  test('are restarted as kubectl does it, with the token of the pod', async () => {
    const step = await workloads.restart('order')
    assert.equal(step!.what, 'restarts the Deployment order')
    assert.equal(patches().length, 0)
    await step!.take()
    const [patch] = patches()
    assert.equal(patch!.path, '/apis/apps/v1/namespaces/shop/deployments/order')
    assert.equal(patch!.headers.authorization, 'Bearer the-token')
    assert.equal(patch!.headers['content-type'], 'application/strategic-merge-patch+json')
    const { annotations } = JSON.parse(patch!.body).spec.template.metadata
    assert.ok(Date.parse(annotations['kubectl.kubernetes.io/restartedAt']))
  })

  test('that have not opted in are refused', async () => {
    for (const own of [{}, { [optIn]: 'false' }]) {
      state.deployment = deployment(own)
      await assert.rejects(workloads.restart('order'), { name: 'Refused' })
      await assert.rejects(workloads.undoRollout('order'), { name: 'Refused' })
    }
    assert.equal(patches().length, 0)
  })

  test('that there are not have nothing to do', async () => {
    assert.equal(await workloads.restart('cart'), undefined)
    assert.equal(await workloads.undoRollout('cart'), undefined)
  })

  test('go back to what ran before, unless somebody rolled out meanwhile', async () => {
    const step = await workloads.undoRollout('order')
    assert.equal(step!.what, 'takes the Deployment order back from order-3 to order-2')
    await step!.take()
    const [test, replace, add] = JSON.parse(patches()[0]!.body)
    assert.deepEqual(test, { op: 'test', path: '/metadata/resourceVersion', value: '7' })
    assert.equal(replace.path, '/spec/template')
    assert.deepEqual(replace.value, { metadata: { labels }, spec: { containers: [{ image: 'order:1' }] } })
    assert.deepEqual(add, { op: 'add', path: '/metadata/annotations/hello-observability~1undone', value: 'order-3' })
  })

  test('are not taken back to what was given up, or to nothing', async () => {
    state.deployment = deployment(labels, { 'hello-observability/undone': 'order-2' })
    assert.equal(await workloads.undoRollout('order'), undefined)
    state.deployment = deployment()
    state.replicaSets = [replicaSet('order-1', 1, 'order:0')]
    assert.equal(await workloads.undoRollout('order'), undefined)
  })

  test('an API server that refuses is a failure', async () => {
    state.status = 403
    const step = await workloads.restart('order')
    await assert.rejects(step!.take(), /403/)
  })
})

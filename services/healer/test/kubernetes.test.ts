import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { allFaults } from '@hello/faults/all-faults'
import type { Fault } from '@hello/faults/fault'
import { flagOf, formatFlags, noFlags, parseFlags } from '@hello/faults/flags-format'
import { json, startServer, unusedUrl } from '@hello/service-kit/testing/http-server'
import type { Actions } from '../src/actions.ts'
import { buildApp } from '../src/app.ts'
import { kubernetesActions, optIn } from '../src/kubernetes.ts'
import { testConfig } from './healer-config.ts'

const faultNamed = (name: string) => allFaults.find((fault) => fault.name === name)!
const [errors, tableLock] = [faultNamed('errors'), faultNamed('table-lock')]

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

/** The flags of the faults, as the API server has them. */
const configMap = (...faults: Fault[]) => ({
  metadata: { name: 'faults', resourceVersion: '3' },
  data: {
    'faults.json': formatFlags({
      ...noFlags(),
      flags: Object.fromEntries(faults.map((fault) => [fault.name, flagOf(fault, 1, Date.now() + 60_000)])),
    }),
  },
})

/** Answers as the API server does of one Deployment, of the namespace's ReplicaSets and of the ConfigMap. */
const state = {
  deployment: deployment() as unknown,
  replicaSets: [] as unknown[],
  configMap: undefined as ReturnType<typeof configMap> | undefined,
  status: 200,
}
const server = await startServer(({ method, path, body }, response) => {
  if (path.endsWith('/configmaps/faults')) return answerFlags(method, body, response)
  if (path.endsWith('/replicasets')) return json(response, 200, { items: state.replicaSets })
  if (!path.endsWith('/deployments/order')) return json(response, 404, {})
  json(response, method === 'PATCH' ? state.status : 200, state.deployment)
})
/** Replaces no version that is not the last. */
function answerFlags(method: string, body: string, response: ServerResponse) {
  if (!state.configMap) return json(response, 404, {})
  if (method === 'PUT') {
    const written = JSON.parse(body)
    if (written.metadata.resourceVersion !== state.configMap.metadata.resourceVersion) return json(response, 409, {})
    state.configMap = written
  }
  json(response, 200, state.configMap)
}
const tokenFile = join(mkdtempSync(join(tmpdir(), 'healer-token-')), 'token')
writeFileSync(tokenFile, 'the-token\n')
const nowhere = await unusedUrl()

describe('Deployments', () => {
  let app: Awaited<ReturnType<typeof buildApp>>
  let workloads: Pick<Actions, 'flagsOff' | 'restart' | 'undoRollout'>
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
      configMap: undefined,
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

  test('have the flags of their own faults switched off, beside whoever writes them meanwhile', async () => {
    state.configMap = configMap(errors, tableLock)
    const step = await workloads.flagsOff('order')
    assert.equal(step!.what, 'switches off the fault flags errors')
    state.configMap.metadata.resourceVersion = '4'
    await step!.take()
    const { flags, metadata } = parseFlags(state.configMap.data['faults.json'], 'it')
    assert.deepEqual(Object.keys(flags), ['table-lock'])
    assert.ok(metadata.errors, 'the program that keeps it on is told')
    assert.equal(await workloads.flagsOff('order'), undefined)
  })

  test('have nothing switched off where nobody ever set a fault', async () => {
    assert.equal(await workloads.flagsOff(undefined), undefined)
  })

  test('an API server that refuses is a failure', async () => {
    state.status = 403
    const step = await workloads.restart('order')
    await assert.rejects(step!.take(), /403/)
  })
})

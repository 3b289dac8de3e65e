import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { run } from '@hello/cluster/command'
import { context, kubectl, limit } from './shop-cluster.ts'

const pod = 'stranger'

/** A pod of the shop's own image that no policy names. */
before(async () => {
  const image = await kubectl('get', 'deployment/product', '-o', 'jsonpath={.spec.template.spec.containers[0].image}')
  const manifest = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: pod,
          image,
          command: ['node', '-e', 'setInterval(() => {}, 1e6)'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  }
  const { code, output } = await run('kubectl', ['--context', context, '-n', 'shop', 'apply', '-f', '-'], {
    input: JSON.stringify(manifest),
  })
  assert.equal(code, 0, output)
  await kubectl('wait', `pod/${pod}`, '--for=condition=Ready', `--timeout=${limit}`)
})
after(() => kubectl('delete', 'pod', pod, '--now', '--ignore-not-found'))

const connect = `
const [host, port] = process.argv.slice(1)
const socket = require('node:net').connect({ host, port, timeout: 3000 })
const end = (word) => { console.log(word); process.exit() }
socket.on('connect', () => end('open')).on('timeout', () => end('closed')).on('error', ({ code }) => end(code))`

const reach = async (from: string, host: string, port: number): Promise<string> =>
  (await kubectl('exec', from, '--', 'node', '-e', connect, host, String(port))).trim()

for (const [host, port] of [
  ['order', 8083],
  ['inventory', 8082],
  ['product', 8081],
  ['postgres', 5432],
] as const)
  test(`a pod without a label reaches not ${host}`, async () => {
    assert.equal(await reach(`pod/${pod}`, host, port), 'closed')
  })

for (const [from, host, port] of [
  ['gateway', 'order', 8083],
  ['order', 'inventory', 8082],
  ['order', 'postgres', 5432],
  ['frontend', 'kube-prometheus-stack-alertmanager.monitoring', 9093],
] as const)
  test(`${from} reaches ${host}`, async () => {
    assert.equal(await reach(`deployment/${from}`, host, port), 'open')
  })

for (const [from, host, port] of [
  ['gateway', 'postgres', 5432],
  ['frontend', 'order', 8083],
] as const)
  test(`${from}, which need not, reaches not ${host}`, async () => {
    assert.equal(await reach(`deployment/${from}`, host, port), 'closed')
  })

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

test('only the edges of the values are open', { concurrency: true }, async (t) => {
  const edges: [from: string, host: string, port: number, found: 'open' | 'closed'][] = [
    // A pod without a label.
    [`pod/${pod}`, 'order', 8083, 'closed'],
    [`pod/${pod}`, 'inventory', 8082, 'closed'],
    [`pod/${pod}`, 'product', 8081, 'closed'],
    [`pod/${pod}`, 'postgres', 5432, 'closed'],
    // Those that call.
    ['deployment/gateway', 'order', 8083, 'open'],
    ['deployment/order', 'inventory', 8082, 'open'],
    ['deployment/order', 'postgres', 5432, 'open'],
    ['deployment/frontend', 'kube-prometheus-stack-alertmanager.monitoring', 9093, 'open'],
    // Those that need not.
    ['deployment/gateway', 'postgres', 5432, 'closed'],
    ['deployment/frontend', 'order', 8083, 'closed'],
  ]
  await Promise.all(
    edges.map(([from, host, port, found]) =>
      t.test(`${from} finds ${host} ${found}`, async () => assert.equal(await reach(from, host, port), found)),
    ),
  )
})

import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { eventually } from '@hello/test-support/eventually'
import { bash, context, createNamespace, folder, helm, kubectl, limit, nodeIn, patience, skip } from './cluster.ts'
import { codeBlocks } from './code-blocks.ts'

/** Asks 100 times a second over kept-alive connections until a file is there, and prints how many answers came and every failure. */
const load = `
  const [url, end] = process.argv.slice(1)
  const { Agent, get } = require('node:http')
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  const failures = []
  let answers = 0
  const timer = setInterval(() => {
    get(url, { agent, timeout: 5000 }, (answer) => {
      if (answer.statusCode === 200) answers += 1
      else failures.push(answer.statusCode)
      answer.resume()
    }).on('error', (error) => failures.push(error.code))
  }, 10)
  const watch = setInterval(() => {
    if (!require('node:fs').existsSync(end)) return
    clearInterval(timer)
    clearInterval(watch)
    setTimeout(() => process.exit(console.log(JSON.stringify({ answers, failures }))), 3000)
  }, 100)`

/** Prints for each host:port whether a TCP connection opens. */
const connect = `
  for (const target of process.argv.slice(1)) {
    const [host, port] = target.split(':')
    const socket = require('node:net').connect({ host, port, timeout: 3000 })
    const say = (outcome) => { console.log(target, outcome); socket.destroy() }
    socket.on('connect', () => say('open')).on('timeout', () => say('closed')).on('error', (error) => say(error.code))
  }`

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What the stack says once it has a signal of the service, by a word of the block that asks it. */
const signals = {
  hello_greetings_total: '"container":"hello"',
  jaeger: '"operationName":"GET /"',
  loki: 'trace_id',
}

describe('charts/service on a cluster', { skip }, () => {
  const page = codeBlocks(new URL('../../docs/en/your-own-service.md', import.meta.url))
  const removal = page.findIndex(({ text }) => text.startsWith('helm uninstall'))
  const upgrade = ['upgrade', 'hello', 'charts/service', '--values', 'hello/values.yaml', '--wait', '--timeout', limit]

  before(() => {
    for (const { file, text } of page) {
      if (!file) continue
      mkdirSync(join(folder, dirname(file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    symlinkSync(join(root, 'dist'), join(folder, 'dist')) // where `make packages` puts them, as in a checkout
    createNamespace()
    helm('upgrade', '--install', 'postgres', 'charts/postgres', '--wait', '--timeout', limit)
  })
  after(() => assert.equal(bash(page[removal]?.text ?? '').status, 0))

  test('every block of docs/en/your-own-service.md runs and prints what the page says', async () => {
    for (const [index, { language, text }] of page.slice(0, removal).entries()) {
      if (language !== 'bash') continue
      const next = page[index + 1]
      const signal = Object.entries(signals).find(([word]) => text.includes(word))?.[1]
      const expected = signal ?? (next?.language === 'text' ? next.text.trim() : '')
      const script = text
        .replace('make packages', `make --silent --directory ${root} packages`)
        .replace('--name hello-observability', `--name ${context.replace(/^kind-/, '')}`)
        .replaceAll(/--timeout \dm/g, `--timeout ${limit}`)
      const run = () => {
        const { status, stdout, stderr } = bash(script)
        assert.equal(status, 0, `${text}\n${stdout}${stderr}`)
        return stdout + stderr
      }
      if (signal) await eventually(() => assert.ok(run().includes(expected), `${expected}\nfrom\n${text}`), patience)
      else assert.ok(run().includes(expected), `${expected}\nfrom\n${text}`)
    }
    assert.ok(!kubectl('get', 'pods', '--output', 'name').includes('hello-test'), 'the pod of helm test is gone')
  })

  test('only the edges of the values are open', async () => {
    helm(...upgrade, '--set', 'callers={visitor}')
    const restricted = {
      apiVersion: 'v1',
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'stranger',
            image: 'hello:1',
            command: ['node', '-e', connect, 'hello:8080', 'hello:9464', 'postgres:5432'],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    }
    kubectl('run', 'stranger', '--image=hello:1', '--restart=Never', `--overrides=${JSON.stringify(restricted)}`)
    try {
      kubectl('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/stranger', `--timeout=${limit}`)
      const outcomes = kubectl('logs', 'stranger').split('\n').sort()
      assert.deepEqual(outcomes, ['hello:8080 closed', 'hello:9464 closed', 'postgres:5432 closed'])
    } finally {
      kubectl('delete', 'pod', 'stranger', '--wait=false')
    }
    const prometheus = 'kube-prometheus-stack-prometheus.monitoring:9090'
    const outcomes = await nodeIn('visitor', connect, 'hello:8080', 'hello:9464', 'postgres:5432', prometheus)
    assert.deepEqual(outcomes.split('\n').sort(), [
      'hello:8080 open',
      'hello:9464 closed',
      `${prometheus} closed`,
      'postgres:5432 closed',
    ])
  })

  test('a rollout, an upgrade and the deletion of a pod lose no request', async (context) => {
    const settings = ['--set', 'callers={visitor}', '--set', 'replicas=2']
    helm(...upgrade, ...settings)
    const asking = nodeIn('visitor', load, 'http://hello:8080', '/tmp/enough')
    await delay(2000)
    kubectl('rollout', 'restart', 'deployment/hello')
    kubectl('rollout', 'status', 'deployment/hello', `--timeout=${limit}`)
    helm(...upgrade, ...settings, '--set', 'env.GREETING=Welcome')
    const pods = kubectl('get', 'pods', '--selector=app.kubernetes.io/name=hello', '--output=name').split('\n')
    kubectl('delete', pods[0] ?? '')
    await nodeIn('visitor', "require('node:fs').writeFileSync('/tmp/enough', '')")
    const { answers, failures } = JSON.parse(await asking)
    context.diagnostic(`${answers} answers, ${failures.length} failures`)
    assert.deepEqual(failures, [])
    assert.ok(answers > 100, `${answers} answers`)
  })

  test('the namespace admits nothing that is not restricted', () => {
    const { status, stderr } = bash('kubectl --namespace shop run root --image=hello:1 --dry-run=server')
    assert.notEqual(status, 0)
    assert.match(stderr, /violates PodSecurity "restricted/)
  })
})

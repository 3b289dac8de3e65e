import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findProgram } from '@hello/local/stack/find-programs'
import { lokiConfiguration } from '@hello/local/stack/loki'
import { freePort } from '@hello/processes/ports'
import { startTied } from '@hello/processes/tied-process'
import { eventually } from '@hello/test-support/eventually'
import { parse, stringify } from 'yaml'
import { getJson } from '../lib/get-json.ts'
import { chartConfig, skip as noCollector, startCollector, temporaryFolder } from './collector-process.ts'
import { startKubernetes } from './kubernetes.ts'

const lokiProgram = findProgram('loki')
const skip = noCollector || (!lokiProgram && 'loki is not on this machine (make tools STACK=1)')

const modern = new URL('../../observability-values/modern/', import.meta.url)

/** The Loki of the modern stack, which makes streams of what the agent sends. */
async function startLoki(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t)
  const http = await freePort()
  const { limits_config } = parse(readFileSync(fileURLToPath(new URL('loki.yaml', modern)), 'utf8')).loki
  const config = { ...lokiConfiguration(join(folder, 'data'), { http, grpc: await freePort() }), limits_config }
  writeFileSync(join(folder, 'loki.yaml'), stringify(config))
  const running = await startTied({
    command: lokiProgram!,
    args: [`-config.file=${join(folder, 'loki.yaml')}`],
    cwd: folder,
    env: process.env,
    stopSignals: ['SIGKILL'],
    stopTimeout: 5000,
    output: { file: join(folder, 'output.log') },
  })
  t.after(() => running.stop())
  await eventually(async () => (await fetch(`http://127.0.0.1:${http}/ready`)).ok)
  return `http://127.0.0.1:${http}`
}

const uid = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`
const pods = [
  { metadata: { name: 'order-a', namespace: 'shop', uid: uid(1), labels: { 'app.kubernetes.io/name': 'order' } } },
  { metadata: { name: 'coredns-b', namespace: 'kube-system', uid: uid(2), labels: { app: 'dns' } } },
]

let written = 0
/** In nanoseconds, of which no two lines have the same. */
const now = () => new Date().toISOString().replace('Z', `${String(++written).padStart(6, '0')}Z`)

/** The log files of a node, and what reads them. */
async function startNode(t: TestContext) {
  const loki = await startLoki(t)
  const kubernetes = await startKubernetes(t, pods)
  const folder = temporaryFolder(t)
  writeFileSync(
    join(folder, 'kubeconfig'),
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'node', cluster: { server: kubernetes } }],
      contexts: [{ name: 'node', context: { cluster: 'node', user: 'agent' } }],
      users: [{ name: 'agent', user: {} }],
      'current-context': 'node',
    }),
  )
  const logs = join(folder, 'pods')
  const config = () => {
    const own = chartConfig('agent')
    const { logs: lines, metrics } = own.service.pipelines
    own.service.pipelines = { logs: lines, metrics } // the spans' way: gateway.test.ts
    own.processors.k8s_attributes.auth_type = 'kubeConfig'
    own.exporters.otlp_http.endpoint = `${loki}/otlp`
    return JSON.parse(JSON.stringify(own).replaceAll('/var/log/pods', logs))
  }
  const start = () =>
    startCollector(t, config(), folder, { KUBECONFIG: join(folder, 'kubeconfig'), OTEL_K8S_NODE_NAME: 'node-1' })

  async function ask(query: string): Promise<{ stream: Record<string, string>; values: [string, string][] }[]> {
    const start = String(BigInt(Date.now() - 3600_000) * 1_000_000n)
    const { data } = await getJson(loki, '/loki/api/v1/query_range', { query, start, limit: '5000' })
    return data.result
  }
  return {
    loki,
    start,
    ask,
    lines: async (query: string) => (await ask(query)).flatMap(({ values }) => values.map(([, line]) => line)),
    /** As containerd writes. */
    write(pod: number, container: string, texts: string[], stream = 'stdout', flag = 'F') {
      const {
        name,
        namespace,
        uid: id,
      } = pods[pod]?.metadata ?? { name: 'static', namespace: 'kube-system', uid: uid(9) }
      const file = join(logs, `${namespace}_${name}_${id}`, container, '0.log')
      mkdirSync(dirname(file), { recursive: true })
      appendFileSync(file, texts.map((text) => `${now()} ${stream} ${flag} ${text}\n`).join(''))
    },
  }
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const line = (number: number, level = 'info') =>
  JSON.stringify({ level, msg: `line ${number}`, trace_id: traceId, span_id: 'b7ad6b7169203331' })

describe('the agent', { skip, concurrency: true }, () => {
  test('gives lines the labels that Promtail gives, with the trace beside the text, and redacts secrets', async (t) => {
    const node = await startNode(t)
    const agent = await node.start()
    node.write(0, 'order', [line(1), line(2, 'error'), 'FATAL ERROR: heap', '{"password":"hunter2","msg":"x"}'])
    node.write(0, 'order', ['GET http://a:hunter2@b/?token=hunter2&limit=5'], 'stderr')
    node.write(0, 'order', ['half '], 'stdout', 'P')
    node.write(0, 'order', ['a line'])
    node.write(1, 'coredns', ['{"level":"info"}'])
    node.write(2, 'etcd', ['of a pod that the API server does not know by this id'])

    const labels = { app: 'order', container: 'order', namespace: 'shop', node_name: 'node-1', pod: 'order-a' }
    const own = { ...labels, job: 'shop/order', service_name: 'order' }
    const streams = async (query: string) => (await node.ask(query)).map(({ stream }) => stream)
    /** Without what Loki and OTLP add beside the text: which level Loki guesses, when the line was read. */
    const indexed = async (query: string) => {
      const { data } = await getJson(node.loki, '/loki/api/v1/series', { 'match[]': query })
      return data as Record<string, string>[]
    }
    await eventually(async () => assert.equal((await node.lines('{namespace="shop"}')).length, 6))
    assert.deepEqual(
      new Set((await indexed('{namespace="shop"}')).map((stream) => JSON.stringify(Object.entries(stream).toSorted()))),
      new Set(
        [
          { ...own, stream: 'stdout', level: 'info' },
          { ...own, stream: 'stdout', level: 'error' },
          { ...own, stream: 'stdout' },
          { ...own, stream: 'stderr' },
        ].map((stream) => JSON.stringify(Object.entries(stream).toSorted())),
      ),
    )
    const [stream] = await streams(`{app="order", level="error"} | trace_id="${traceId}"`)
    assert.equal(stream!.span_id, 'b7ad6b7169203331')
    for (const one of await streams('{namespace="shop"}'))
      assert.deepEqual(
        Object.keys(one).filter((name) => /^(line|log|time)/.test(name)),
        [],
        'what was taken apart is kept a second time',
      )
    assert.deepEqual(
      (await node.lines('{namespace="shop"}')).toSorted(),
      [
        'FATAL ERROR: heap',
        'GET http://REDACTED:REDACTED@b/?token=REDACTED&limit=5',
        'half a line',
        line(1),
        line(2, 'error'),
        '{"password":"REDACTED","msg":"x"}',
      ].toSorted(),
    )
    await eventually(async () => {
      const others = await indexed('{namespace="kube-system"}')
      assert.deepEqual(others.map(({ app, level }) => [app, level]).toSorted(), [
        ['dns', undefined],
        ['static', undefined],
      ])
    })
    const counted = await eventually(async () => {
      const all = (await agent.scrape('8889'))
        .split('\n')
        .filter((one) => one.startsWith('promtail_custom_log_lines_total{'))
      const sum = all.reduce((total, one) => total + Number(one.split(' ').at(-1)), 0)
      assert.equal(sum, 6)
      return all
    })
    assert.ok(
      counted.every((series) => series.includes('namespace="shop"') && !series.includes('job=')),
      counted.join('\n'),
    )
    assert.match(counted.join('\n'), /level="error".* 1$/m)
  })

  test('counts each line once, however they come', async (t) => {
    const node = await startNode(t)
    const agent = await node.start()
    for (let at = 0; at < 2000; at += 50) {
      node.write(
        0,
        'order',
        Array.from({ length: 50 }, (_, index) => line(at + index, index % 10 ? 'info' : 'error')),
      )
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    const counts = async () => {
      const series = (await agent.scrape('8889')).matchAll(
        /^promtail_custom_log_lines_total\{.*level="(\w+)".* (\d+)$/gm,
      )
      return Object.fromEntries([...series].map(([, level, count]) => [level, Number(count)]))
    }
    await eventually(async () => assert.deepEqual(await counts(), { error: 200, info: 1800 }))
  })

  test('loses no line when it is killed', async (t) => {
    const node = await startNode(t)
    let agent = await node.start()
    const all = Array.from({ length: 3000 }, (_, number) => line(number))
    for (let at = 0; at < all.length; at += 100) {
      node.write(0, 'order', all.slice(at, at + 100))
      if (at === 1500) {
        await agent.kill()
        agent = await node.start()
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const arrived = await eventually(async () => {
      const found = new Set(await node.lines('{namespace="shop"}'))
      return found.size >= all.length && found
    })
    assert.deepEqual([...arrived].toSorted(), all.toSorted())
  })
})

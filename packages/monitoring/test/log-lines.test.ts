import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '@hello/processes/ports'
import { eventually } from '@hello/test-support/eventually'
import { parse, stringify } from 'yaml'
import { prometheusRelabeling } from '../src/relabeling.ts'
import { outsideMetrics } from './outside-metrics.ts'

const missing = ['promtail', 'prometheus'].find((program) => spawnSync(program, ['--version']).error)
const { promtail } = parse(
  readFileSync(new URL('../../../observability-values/loki-stack.yaml', import.meta.url), 'utf8'),
)

const line = (text: string) => `2026-11-28T10:00:00.000000000Z stdout F ${text}\n`

test('Promtail counts the shop’s lines, and Prometheus has them as the pods’ that wrote them', {
  skip: missing && `${missing} is not on PATH`,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'log-lines-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const start = (program: string, args: string[]) => {
    const child = spawn(program, args, { stdio: 'ignore' })
    t.after(async () => {
      // Promtail, told to end, would try for minutes to send what it has read.
      child.kill('SIGKILL')
      if (child.exitCode === null) await once(child, 'exit')
    })
  }
  const write = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), stringify(content))
    return `config.file=${join(folder, name)}`
  }
  const pod = (namespace: string, app: string) => ({
    targets: ['localhost'],
    // As the chart's scrape configuration labels them.
    labels: {
      ...{ namespace, app, container: app, pod: `${app}-a`, instance: app, job: `${namespace}/${app}`, node_name: 'n' },
      __path__: join(folder, `${app}-*.log`),
    },
  })

  const promtailPort = await freePort()
  const promtailConfig = {
    server: { http_listen_address: '127.0.0.1', http_listen_port: promtailPort, grpc_listen_port: 0 },
    clients: [{ url: 'http://127.0.0.1:1/' }],
    positions: { filename: join(folder, 'positions.yaml') },
    scrape_configs: [
      {
        job_name: 'kubernetes-pods',
        static_configs: [pod('shop', 'order'), pod('monitoring', 'loki')],
        pipeline_stages: promtail.config.snippets.pipelineStages,
      },
    ],
  }
  start('promtail', [`-${write('promtail.yaml', promtailConfig)}`])
  // Of the container before its restart, and after.
  appendFileSync(join(folder, 'order-0.log'), line('{"level":"info","trace_id":"a"}') + line('{"level":"error"}'))
  appendFileSync(join(folder, 'order-1.log'), line('{"level":"info","trace_id":"b"}') + line('FATAL ERROR'))
  appendFileSync(join(folder, 'loki-0.log'), line('level=info'))

  const prometheusPort = await freePort()
  const address = `127.0.0.1:${promtailPort}`
  const prometheusConfig = {
    global: { scrape_interval: '1s' },
    scrape_configs: [
      {
        job_name: 'loki-promtail',
        static_configs: [
          {
            targets: [address],
            labels: {
              namespace: 'monitoring',
              pod: 'loki-promtail-x',
              container: 'promtail',
              service: 'loki-promtail',
            },
          },
        ],
        metric_relabel_configs: promtail.serviceMonitor.metricRelabelings.map(prometheusRelabeling),
      },
    ],
  }
  start('prometheus', [
    `--${write('prometheus.yaml', prometheusConfig)}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
  ])

  const ask = async (query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
    const answer = await fetch(`http://127.0.0.1:${prometheusPort}/api/v1/query?${new URLSearchParams({ query })}`)
    return (await answer.json()).data.result
  }
  const [name] = outsideMetrics.promtail
  const series = await eventually(async () => {
    const all = await ask(name!)
    assert.equal(
      all.map(({ value }) => Number(value[1])).reduce((sum, one) => sum + one, 0),
      4,
    )
    return all
  })
  const own = {
    ...{ __name__: name, namespace: 'shop', app: 'order', pod: 'order-a', container: 'order', node_name: 'n' },
    ...{ job: 'loki-promtail', instance: address, service: 'loki-promtail', stream: 'stdout' },
  }
  assert.deepEqual(
    new Map(series.map(({ metric: { level, ...metric }, value }) => [level, [metric, value[1]]])),
    new Map([
      [undefined, [own, '1']],
      ['error', [own, '1']],
      ['info', [own, '2']],
    ]),
  )
  const [itself] = await ask('promtail_build_info')
  assert.equal(itself!.metric.pod, 'loki-promtail-x', 'what Promtail tells of itself is its own pod’s')
})

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse, stringify } from 'yaml'
import { upstreamCharts } from '../src/charts.ts'
import { portMappings } from '../src/kind-cluster.ts'

const root = new URL('../../', import.meta.url).pathname
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('every upstream chart is pinned and has its values, and every values file a chart', () => {
  for (const { name, version } of upstreamCharts) {
    assert.match(version, /^v?\d+\.\d+\.\d+$/, name)
    assert.ok(existsSync(join(root, `observability-values/${name}.yaml`)), name)
  }
  const named = [...upstreamCharts.map(({ name }) => `${name}.yaml`), 'charts.yaml'].sort()
  assert.deepEqual(readdirSync(join(root, 'observability-values')).sort(), named)
})

test('behind every mapped port of the cluster is exactly one NodePort', () => {
  const services = readdirSync(join(root, 'charts/service/values')).map((file) => `charts/service/values/${file}`)
  const values = [
    ...services,
    'charts/observability/values.yaml',
    ...readdirSync(join(root, 'observability-values')).map((file) => `observability-values/${file}`),
  ]
  const nodePorts = values.flatMap((file) =>
    [...read(file).matchAll(/nodePort: (\d+)/g)].map(([, port]) => Number(port)),
  )
  assert.deepEqual(nodePorts.sort(), portMappings.map(({ containerPort }) => containerPort).sort())
  for (const { listenAddress } of portMappings) assert.equal(listenAddress, '127.0.0.1')
})

const noSkaffold = spawnSync('skaffold', ['version', '--update-check=false']).error && 'skaffold is not on PATH'

test('the demo’s rows come with make deploy and make dev, and not with the production profile', {
  skip: noSkaffold,
}, () => {
  const seeded = (...profile: string[]) => {
    const args = ['diagnose', '--yaml-only', '--filename', join(root, 'skaffold.yaml'), '--update-check=false']
    const { deploy } = parse(execFileSync('skaffold', [...args, ...profile], { encoding: 'utf8' }))
    return (deploy.helm.releases as { name: string; valuesFiles?: string[] }[])
      .filter(({ valuesFiles = [] }) =>
        valuesFiles.some((file) => parse(readFileSync(file, 'utf8')).env?.SEED_DEMO === 'true'),
      )
      .map(({ name }) => name)
  }
  assert.deepEqual(seeded(), ['product', 'inventory'])
  assert.deepEqual(seeded('--profile', 'dev'), ['product', 'inventory'])
  assert.deepEqual(seeded('--profile', 'production'), [])
})

const missing = spawnSync('promtail', ['--version']).error && 'promtail is not on PATH'

test('Promtail labels the shop’s lines with their level and passes what is no JSON', { skip: missing }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'promtail-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const values = parse(read('observability-values/loki-stack.yaml'))
  const config = {
    server: { disable: true },
    clients: [{ url: 'http://127.0.0.1:1/' }],
    positions: { filename: join(folder, 'positions.yaml') },
    scrape_configs: [
      {
        job_name: 'pods',
        static_configs: [{ targets: ['localhost'], labels: { namespace: 'shop' } }],
        pipeline_stages: values.promtail.config.snippets.pipelineStages,
      },
    ],
  }
  writeFileSync(join(folder, 'promtail.yaml'), stringify(config))
  const input = [
    '2026-11-23T10:00:00.000000000Z stdout F {"level":"error","msg":"A","trace_id":"0af7651916cd43dd8448eb211c80319c"}',
    '2026-11-23T10:00:01.000000000Z stderr F FATAL ERROR: B',
  ].join('\n')
  const output = execFileSync('promtail', [`-config.file=${folder}/promtail.yaml`, '-dry-run', '-stdin'], {
    input: `${input}\n`,
    encoding: 'utf8',
    stdio: 'pipe',
  })
  const lines = output.split('\n')
  assert.match(
    lines.find((line) => line.includes('"msg":"A"'))!,
    /\{level="error", namespace="shop", stream="stdout"\}/,
  )
  assert.match(lines.find((line) => line.includes('FATAL ERROR: B'))!, /\{namespace="shop", stream="stderr"\}/)
})

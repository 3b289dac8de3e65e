import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { services } from '@hello/shop/services'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { stacks, upstreamCharts } from '../src/charts.ts'
import { portMappings } from '../src/kind-cluster.ts'
import { skaffoldConfig } from '../src/skaffold.ts'

const root = new URL('../../', import.meta.url).pathname
const read = (path: string) => readFileSync(join(root, path), 'utf8')

test('every upstream chart is pinned and has its values, and every values file a chart', () => {
  const charts = stacks.flatMap((stack) => upstreamCharts[stack])
  for (const { name, version, values } of charts) {
    assert.match(version, /^v?\d+\.\d+\.\d+$/, name)
    assert.ok(existsSync(join(root, values)), values)
  }
  const own = ['charts.yaml', 'modern/charts.yaml', 'modern/observability.yaml']
  const named = [...charts.map(({ values }) => values.slice('observability-values/'.length)), ...own]
  const files = readdirSync(join(root, 'observability-values'), { recursive: true, encoding: 'utf8' })
  // Those for production: charts/test/production.test.ts.
  const ofStacks = files.filter((file) => file.endsWith('.yaml') && !file.startsWith('production/'))
  assert.deepEqual(ofStacks.sort(), [...new Set(named)].sort())
})

for (const stack of stacks)
  test(`behind every mapped port of the cluster is exactly one NodePort, with the ${stack} stack`, () => {
    const values = [
      ...readdirSync(join(root, 'cluster/values')).map((file) => `cluster/values/${file}`),
      ...(stack === 'classic' ? ['charts/observability/values.yaml'] : []), // its Jaeger
      ...upstreamCharts[stack].map((chart) => chart.values),
    ]
    const nodePorts = values.flatMap((file) =>
      [...read(file).matchAll(/nodePort: (\d+)/g)].map(([, port]) => Number(port)),
    )
    assert.deepEqual(nodePorts.sort(), portMappings.map(({ containerPort }) => containerPort).sort())
    for (const { listenAddress } of portMappings) assert.equal(listenAddress, '127.0.0.1')
  })

test('skaffold.yaml is what the list of services makes of it', () => {
  assert.equal(read('skaffold.yaml'), skaffoldConfig(), 'make skaffold-config writes it anew')
})

/** What Skaffold would deploy of images that a registry has, as objects. */
function rendered(...profile: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'skaffold-'))
  try {
    const artifacts: { image: string }[] = parse(read('skaffold.yaml')).build.artifacts
    const builds = artifacts.map(({ image }, index) => ({
      imageName: image,
      tag: `registry.example.com/${image}:tag@sha256:${String(index).padStart(64, '0')}`,
    }))
    writeFileSync(join(folder, 'builds.json'), JSON.stringify({ builds }))
    const args = [
      '--offline=true',
      '--digest-source=none',
      '--update-check=false',
      '--build-artifacts',
      join(folder, 'builds.json'),
    ]
    const text = execFileSync('skaffold', ['render', '--filename', join(root, 'skaffold.yaml'), ...args, ...profile], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, IMAGE_DIGESTS: '', NODE_IMAGE: '' },
    })
    return { text, objects: parseAllDocuments(text).map((document) => document.toJS() ?? {}) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const skip = (spawnSync('skaffold', ['version']).error ?? spawnSync('helm', ['version']).error) && 'make tools'

test('the demo’s rows, faults, node ports and links come with make deploy', { skip }, () => {
  const { text, objects } = rendered()
  assert.match(text, /SEED_DEMO/)
  assert.equal(text.match(/name: FAULTS_FILE/g)?.length, services.length)
  assert.match(text, /http:\/\/localhost:16686/)
  assert.equal(objects.filter(({ spec }) => spec?.type === 'NodePort').length, 2)
})

test('the production profile has nothing of the demo’s, no policy open to all, and every image by digest', {
  skip,
}, () => {
  const { text, objects } = rendered('--profile', 'production')
  assert.doesNotMatch(
    text,
    /SEED_DEMO|FAULTS_FILE|hello-observability\/heal|localhost|127\.0\.0\.1|nodePort|postgres-0/,
  )
  const kinds = (kind: string) => objects.filter((object) => object.kind === kind)
  assert.deepEqual(new Set(kinds('Service').map(({ spec }) => spec.type ?? 'ClusterIP')), new Set(['ClusterIP']))
  assert.equal(kinds('StatefulSet').length, 0)
  assert.ok(kinds('NetworkPolicy').length > 0)
  for (const { metadata, spec } of kinds('NetworkPolicy'))
    for (const { from } of spec.ingress) assert.ok(from?.length > 0, `${metadata.name} lets anybody in`)
  const images = [...text.matchAll(/^ *-? *image: "?([^"\n]+)/gm)].map(([, image]) => image!)
  assert.ok(images.length >= 5)
  for (const image of images) assert.match(image, /^registry\.example\.com\/\S+:tag@sha256:\d{64}$/)
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

const noLoki = spawnSync('loki', ['-version']).error && 'loki is not on PATH'

test('Loki takes our part of its configuration, and deletes what is a day old', { skip: noLoki }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'loki-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const { config } = parse(read('observability-values/loki-stack.yaml')).loki
  const chart = { auth_enabled: false, storage_config: { filesystem: { directory: '/data/loki/chunks' } } }
  // A null deletes a key of the chart's default configuration.
  const kept = JSON.parse(JSON.stringify(config), (_, value) => value ?? undefined)
  const file = join(folder, 'loki.yaml')
  writeFileSync(
    file,
    stringify({ ...kept, ...chart, storage_config: { ...kept.storage_config, ...chart.storage_config } }),
  )
  const { status, stdout, stderr } = spawnSync('loki', [`-config.file=${file}`, '-verify-config'], { encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
  assert.equal(kept.limits_config.retention_period, '24h')
  assert.equal(kept.compactor.retention_enabled, true)
})

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { generatedFiles } from '@hello/monitoring/generate'
import { parse } from 'yaml'
import { planShop } from '../../shop/plan.ts'
import { createShopWatch } from '../../shop/shop-watch.ts'
import { startStack } from '../start-stack.ts'

/** Writes down its arguments, and answers where its configuration says that it is to listen. */
const standIn = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs')
const config = readFileSync(process.argv.at(-1), 'utf8')
writeFileSync('arguments.json', JSON.stringify(process.argv.slice(2)))
const [, port] = /^http_port = (\\d+)$/m.exec(config)
require('node:http').createServer((request, response) => {
  response.statusCode = request.url === '/api/health' ? 200 : 404
  response.end()
}).listen(Number(port), '127.0.0.1')
`

/** A folder as a release of Grafana has it, with a program that stands in for Grafana. */
function makeRelease(t: TestContext, files: string[] = ['conf/defaults.ini']) {
  const folder = mkdtempSync(join(tmpdir(), 'grafana-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const path of files) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), '')
  }
  const program = join(folder, 'bin/grafana')
  mkdirSync(join(folder, 'bin'))
  writeFileSync(program, standIn, { mode: 0o755 })
  return { folder, program }
}

async function startGrafana(t: TestContext, program: string) {
  const plan = await planShop({ stack: true, only: [] })
  plan.stack!.programs = { grafana: program }
  const folder = mkdtempSync(join(tmpdir(), 'stack-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const watch = createShopWatch({ onEvent: () => {}, onProcess: () => {} })
  const unasked = () => assert.fail('Grafana needs neither database nor services')
  const stack = await startStack({ plan, folder, databaseUrl: unasked, servicesReady: unasked }, watch)
  t.after(stack.stop)
  await stack.ready(() => {})
  return { own: join(folder, 'grafana'), ports: plan.stack!.ports }
}

test('starts Grafana on its own folder, with what the chart gives it', async (t) => {
  const release = makeRelease(t)
  const { own, ports } = await startGrafana(t, release.program)
  const read = (path: string) => readFileSync(join(own, path), 'utf8')

  assert.deepEqual(JSON.parse(read('arguments.json')), [
    'server',
    '--homepath',
    release.folder,
    '--config',
    join(own, 'grafana.ini'),
  ])
  const ini = read('grafana.ini')
  for (const line of [
    'http_addr = 127.0.0.1',
    `root_url = http://localhost:${ports.grafana.http}`,
    `provisioning = ${join(own, 'provisioning')}`,
    'check_for_updates = false',
  ])
    assert.ok(ini.split('\n').includes(line), `${line}\n${ini}`)

  const [provider] = parse(read('provisioning/dashboards/shop.yaml')).providers
  assert.equal(provider.folder, 'Shop')
  const shipped = Object.keys(generatedFiles).filter((path) => path.startsWith('dashboards/'))
  assert.deepEqual(
    readdirSync(provider.options.path)
      .map((file) => `dashboards/${file}`)
      .sort(),
    shipped.sort(),
  )
  const uids = shipped.map((path) => JSON.parse(read(path)).uid)
  assert.equal(new Set(uids).size, shipped.length)

  const addresses = ['prometheus', 'loki', 'jaeger'].map((kind) => {
    const [datasource] = parse(read(`provisioning/datasources/${kind}.yaml`)).datasources
    return [datasource.uid, datasource.url]
  })
  assert.deepEqual(addresses, [
    ['prometheus', `http://localhost:${ports.prometheus.http}`],
    ['loki', `http://localhost:${ports.loki.http}`],
    ['jaeger', `http://localhost:${ports['jaeger-all-in-one'].http}`],
  ])
  for (const path of [...shipped, 'provisioning/datasources/jaeger.yaml'])
    assert.doesNotMatch(read(path), /SHOP_NAMESPACE|(PROMETHEUS|LOKI|JAEGER)_U/)
})

test('says where the folder of a Grafana without one was looked for', async (t) => {
  const { program } = makeRelease(t, [])
  await assert.rejects(
    startGrafana(t, program),
    /is without its folder: conf\/defaults\.ini is in none of .*make tools STACK=1/,
  )
})

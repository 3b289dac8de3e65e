import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startService } from '@hello/service-kit/testing/child-service'
import { startCollector } from './collector.ts'
import { startScript } from './fixture/start.ts'

const root = join(import.meta.dirname, '../../..')
const packed = join(root, 'dist/packages')
const collector = await startCollector()

describe('make packages, installed in a folder outside', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stranger-'))

  before(() => {
    const began = performance.now()
    execFileSync('make', ['--silent', 'packages'], { cwd: root })
    cpSync(join(import.meta.dirname, 'stranger'), folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', version: '7.8.9' }))
    const tarballs = globSync('*.tgz', { cwd: packed }).map((name) => join(packed, name))
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', 'express@5.1.0']
    execFileSync('npm', [...install, ...tarballs], { cwd: folder })
    console.log(`packed and installed in ${Math.round((performance.now() - began) / 1000)} s`)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('they are JavaScript with types and a README', () => {
    for (const name of ['telemetry', 'service-kit']) {
      const installed = join(folder, 'node_modules/@hello', name)
      assert.deepEqual(readdirSync(installed).sort(), ['LICENSE', 'README.md', 'dist', 'package.json'])
      const sources = globSync('*.ts', { cwd: join(root, 'packages', name, 'src') })
      for (const source of sources) {
        assert.ok(existsSync(join(installed, 'dist', source.replace(/ts$/, 'js'))), source)
        assert.ok(existsSync(join(installed, 'dist', source.replace(/ts$/, 'd.ts'))), source)
      }
    }
  })

  test('a service on them has types', () => {
    const strict = ['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext']
    const tsc = join(root, 'node_modules/.bin/tsc')
    const check = [...strict, '--target', 'es2024', '--types', 'node', 'service.ts', 'types.ts']
    execFileSync(tsc, check, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
  })

  test('a service on them has traces, metrics with exemplars and logs', async () => {
    const { url, managementUrl, log } = await startService(
      join(folder, 'service.ts'),
      {
        OTEL_SERVICE_NAME: 'greeter',
        OTEL_BSP_SCHEDULE_DELAY: '50',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      },
      ['--import', '@hello/telemetry/preload'],
    )
    const response = await fetch(`${url}/greetings/world`)
    assert.deepEqual(await response.json(), { greeting: 'Hello, world' })

    const { server, all } = await collector.trace(response)
    assert.equal(server.name, 'GET /greetings/:name')
    assert.equal(server.kind, 'server')
    assert.deepEqual(all.map(({ name }) => name).sort(), ['GET /greetings/:name', 'handler'])
    assert.equal(collector.resource.get('service.name'), 'greeter')
    assert.equal(collector.resource.get('service.version'), '7.8.9')

    const metrics = await (await fetch(`${managementUrl}/metrics`)).text()
    const bucket = metrics
      .split('\n')
      .find((line) => line.startsWith('http_server_request_duration_seconds_bucket') && line.includes('# {'))
    assert.match(bucket ?? metrics, /http_route="\/greetings\/:name"/)
    assert.ok(bucket!.includes(`trace_id="${server.traceId}"`), bucket)

    const lines = log.filter(({ msg }) => msg === 'greeting' || msg === 'request')
    assert.deepEqual(
      lines.map(({ service, trace_id }) => [service, trace_id]),
      [
        ['greeter', server.traceId],
        ['greeter', server.traceId],
      ],
    )
  })

  test('a service of Express has SERVER spans by the preload alone', async () => {
    const url = await startScript(join(folder, 'express-service.mjs'), collector.url)
    assert.deepEqual(await (await fetch(`${url}/greetings/world`)).json(), { greeting: 'Hello, world' })
    const [span] = await collector.wait(({ attributes }) => attributes['url.path'] === '/greetings/world')
    assert.equal(span!.kind, 'server')
    assert.equal(span!.attributes['http.response.status_code'], 200)
  })
})

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { startCollector } from './collector.ts'
import { startFixture } from './fixture/start.ts'

const run = promisify(execFile)

describe('the preload', () => {
  test('loads nothing of the SDK without an endpoint', async () => {
    const script = "await (await import('@hello/telemetry/shutdown')).shutdownTelemetry()"
    const env = { ...process.env, NODE_DEBUG: 'esm,module', OTEL_EXPORTER_OTLP_ENDPOINT: '' }
    const { stderr } = await run(
      process.execPath,
      ['--import', '@hello/telemetry/preload', '--input-type=module', '--eval', script],
      { cwd: import.meta.dirname, env, maxBuffer: 64 * 1024 * 1024 },
    )
    assert.match(stderr, /telemetry\/src\/preload\.ts/)
    assert.doesNotMatch(stderr, /@opentelemetry|grpc/)
  })

  test('does nothing with OTEL_SDK_DISABLED', async () => {
    const collector = await startCollector()
    const fixture = await startFixture(collector.url, { OTEL_SDK_DISABLED: 'true' })
    const response = await fetch(`${fixture.url}/items/1`)
    assert.equal(response.headers.get('traceresponse'), null)
  })

  test('samples by OTEL_TRACES_SAMPLER', async () => {
    const collector = await startCollector()
    const fixture = await startFixture(collector.url, { OTEL_TRACES_SAMPLER: 'always_off' })
    const response = await fetch(`${fixture.url}/items/1`)
    assert.equal(response.headers.get('traceresponse'), null)
    fixture.child.kill('SIGTERM')
    await fixture.exited
    assert.deepEqual(collector.spans, [])
  })

  test('puts the trace into the lines of a logger that a program of ES modules makes itself', async () => {
    const collector = await startCollector()
    const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    const script = join(import.meta.dirname, 'fixture/own-logger.ts')
    const { stdout } = await run(process.execPath, ['--import', '@hello/telemetry/preload', script], { env })
    const [span] = await collector.wait(({ name }) => name === 'job')
    const { trace_id, span_id } = JSON.parse(stdout)
    assert.deepEqual([trace_id, span_id], [span!.traceId, span!.spanId])
  })
})

test('there is one copy of every OpenTelemetry package', async () => {
  const lock = JSON.parse(await readFile(new URL('../../../package-lock.json', import.meta.url), 'utf8'))
  const copies = Map.groupBy(
    Object.keys(lock.packages).filter((path) => /node_modules\/@opentelemetry\/[^/]+$/.test(path)),
    (path) => path.slice(path.lastIndexOf('@opentelemetry/')),
  )
  assert.ok(copies.size > 10)
  assert.deepEqual(
    [...copies.values()].filter((paths) => paths.length > 1),
    [],
  )
})

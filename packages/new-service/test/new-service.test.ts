import assert from 'node:assert/strict'
import { execFile, spawn, spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { eventually } from '@hello/test-support/eventually'
import { contents, copyCheckout } from './checkout-copy.ts'

const copy = copyCheckout()
const before = contents(copy)
const env = {
  ...process.env,
  PATH: `${join(copy, 'node_modules/.bin')}:${process.env.PATH}`,
  NODE_TEST_CONTEXT: undefined,
}
const run = (program: string, ...args: string[]) =>
  promisify(execFile)(program, args, { cwd: copy, env, maxBuffer: 1e8 })

/** In steps of ten from the launcher's test, so that the two may run side by side. */
const portOffset = 1205 + 10 * Math.floor(Math.random() * 320)
const at = (port: number, path: string) => `http://127.0.0.1:${port + portOffset}${path}`
const [cart, management, signals] = [8084, 9185, 4319]

const shop = () =>
  spawn(process.execPath, ['local/launcher/main.ts', '--port-offset', String(portOffset)], { cwd: copy, env })
const launched: ReturnType<typeof shop>[] = []

after(async () => {
  for (const child of launched)
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve) && child.kill('SIGINT'))
  spawnSync(process.execPath, ['local/launcher/main.ts', '--reset'], { cwd: copy, env })
  rmSync(copy, { recursive: true, force: true })
})

// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it expects of an answer
async function getJson(url: string): Promise<any> {
  const response = await fetch(url)
  assert.equal(response.status, 200, url)
  return response.json()
}

describe('make new-service NAME=cart', { concurrency: false }, () => {
  test('makes it, and says what comes next', async () => {
    const { stdout } = await run(process.execPath, 'packages/new-service/src/new-service.ts', 'cart')
    assert.match(
      stdout,
      /services\/cart is there; it listens on 8084[\s\S]*make local[\s\S]*add 'cart' to the gateway's/,
    )
  })

  test('changes three files outside its folder', () => {
    const now = contents(copy)
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter((file) => before.get(file) !== now.get(file))
    assert.deepEqual(changed.filter((file) => !file.startsWith('services/cart/')).toSorted(), [
      'package-lock.json',
      'packages/shop/src/services.ts',
      'skaffold.yaml',
    ])
  })

  test('gives it at most 60 lines of its own: those of src that are neither blank nor a comment', () => {
    const sources = globSync('services/cart/src/**/*.ts', { cwd: copy })
    const lines = sources.flatMap((file) => readFileSync(join(copy, file), 'utf8').split('\n'))
    const own = lines.filter((line) => !/^\s*(\/\/.*|\/\*\*.*\*\/)?$/.test(line))
    assert.ok(own.length > 30 && own.length <= 60, `${own.length} lines`)
  })

  test('leaves a checkout that passes lint, types and the tests of agreement, and its own', async () => {
    await run('biome', 'ci', '--error-on-warnings', 'services/cart', 'packages/shop')
    await run('tsc', '--noEmit')
    for (const [least, ...args] of [
      [8, 'services/cart/test/*.test.ts'],
      [20, 'packages/shop/test/*.test.ts'],
      [1, '--test-name-pattern=list of services', 'cluster/test/stack.test.ts'],
      [1, 'packages/monitoring/test/generated.test.ts'],
      [1, 'frontend/test/problem-details.test.ts'],
      // Skipped where helm is not on PATH.
      [0, 'cluster/test/requests.test.ts'],
    ] as const) {
      const { stdout } = await run(process.execPath, '--test', '--test-reporter=tap', ...args)
      assert.ok(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]) >= least, `${args.join(' ')}\n${stdout}`)
    }
    await run('npm', 'ci', '--dry-run', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund')
  })

  test('makes values by which its chart installs it with its database, scraped and traced', {
    skip: spawnSync('helm', ['version']).error && 'helm is not on PATH: make tools',
  }, async () => {
    const { stdout } = await run('helm', 'template', 'cart', 'charts/service', '--values', 'services/cart/values.yaml')
    for (const part of [
      /^kind: Deployment$/m,
      /^kind: ServiceMonitor$/m,
      /^kind: NetworkPolicy$/m,
      /containerPort: 8084/,
    ])
      assert.match(stdout, part)
    for (const part of [
      /name: OTEL_EXPORTER_OTLP_ENDPOINT/,
      /name: postgres-cart/,
      /image: "?hello-observability\/cart/,
    ])
      assert.match(stdout, part)
  })

  test('comes up beside the others with its row, span, metrics and log line', async () => {
    const child = shop()
    launched.push(child)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    await eventually(() => output.includes('Ctrl-C stops everything') || child.exitCode !== null)
    assert.match(output, /Ctrl-C stops everything/, output)
    assert.match(output, /cart +http:\/\/127\.0\.0\.1:\d+\/docs/)

    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ name: 'First' })
    const added = await fetch(at(cart, '/carts'), { method: 'POST', headers, body })
    assert.equal(added.status, 201)
    const row = (await added.json()) as { id: string }
    assert.deepEqual(await getJson(at(cart, `/carts/${row.id}`)), row)
    assert.equal((await fetch(at(8080, '/api/products'))).status, 200)

    const { summary, spans } = await eventually(async () => {
      const { traces } = await getJson(at(signals, '/signals/api/traces?service=cart&route=%2Fcarts'))
      return traces.length > 0 && getJson(at(signals, `/signals/api/traces/${traces[0].traceId}`))
    })
    assert.ok(JSON.stringify(spans).includes('INSERT'), JSON.stringify(spans))
    const lines = await getJson(at(signals, `/signals/api/logs?service=cart&traceId=${summary.traceId}`))
    assert.match(JSON.stringify(lines), /"request"/)
    const metrics = await (await fetch(at(management, '/metrics'))).text()
    assert.match(metrics, /http_server_request_duration_seconds_count\{[^}]*http_route="\/carts\/:id"[^}]*\} 1/)
    await eventually(async () => {
      const { services } = await getJson(at(signals, '/signals/api/metrics?minutes=5'))
      return services.some(({ service }: { service: string }) => service === 'cart')
    })
  })

  for (const [what, code, message, ...args] of [
    ['a name that exists', 1, /There is a service cart already/, 'cart'],
    ['a name in capitals', 1, /lower case/, 'Cart'],
    ['a path', 1, /lower case/, '../cart'],
    ['a name of something else', 1, /something else here/, 'postgres'],
    ['no name', 2, /Usage: make new-service NAME=cart/],
  ] as const)
    test(`refuses ${what}`, () => {
      const made = spawnSync(process.execPath, ['packages/new-service/src/new-service.ts', ...args], {
        cwd: copy,
        env,
        encoding: 'utf8',
      })
      assert.equal(made.status, code)
      assert.match(made.stderr, message)
    })

  test('makes nothing where its last step fails', () => {
    const programs = join(copy, 'node_modules/programs')
    mkdirSync(programs)
    writeFileSync(join(programs, 'npm'), '#!/bin/sh\necho no registry >&2\nexit 1\n', { mode: 0o755 })
    const untouched = contents(copy)
    const made = spawnSync(process.execPath, ['packages/new-service/src/new-service.ts', 'wishlist'], {
      cwd: copy,
      env: { ...env, PATH: `${programs}:${env.PATH}` },
      encoding: 'utf8',
    })
    assert.equal(made.status, 1, made.stdout)
    assert.match(made.stderr, /no registry[\s\S]*Nothing was made\./)
    assert.deepEqual(contents(copy), untouched)
  })
})

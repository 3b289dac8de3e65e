import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '@hello/processes/ports'
import { needs, run } from './programs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const push = (...settings: string[]) => spawnSync('make', ['charts-push', ...settings], { cwd: root, encoding: 'utf8' })

/** Each rendering draws its passwords anew. */
const withoutPasswords = (text: string) => text.replace(/\b[A-Za-z0-9]{32}\b/g, 'password')

describe('make charts-push', needs('helm', 'registry'), () => {
  let registry: ReturnType<typeof spawn>
  let address: string

  before(async () => {
    const port = await freePort()
    address = `127.0.0.1:${port}`
    registry = spawn('registry', ['-port', String(port)], { stdio: 'ignore' })
    const answers = () =>
      fetch(`http://${address}/v2/`).then(
        ({ ok }) => ok,
        () => false,
      )
    while (!(await answers())) {
      assert.equal(registry.exitCode, null, 'the registry has ended')
      await delay(50)
    }
  })
  after(() => registry.kill())

  test('puts the charts where Helm installs them from, as they are here', async () => {
    const { status, stdout, stderr } = push(`REGISTRY=${address}/charts`, 'PLAIN_HTTP=1')
    assert.equal(status, 0, stdout + stderr)
    for (const [chart, values] of [
      ['service', 'service/ci/stranger.yaml'],
      ['postgres', 'postgres/ci/external.yaml'],
      ['observability', 'observability/values.yaml'],
    ] as const) {
      const template = ['template', 'x', '--namespace', 'shop', '--values', values]
      const pulled = await run('helm', [...template, `oci://${address}/charts/${chart}`, '--plain-http'])
      const here = await run('helm', [...template, chart])
      assert.equal(pulled.status, 0, pulled.stderr)
      assert.ok(here.stdout.includes('kind:'))
      assert.equal(withoutPasswords(pulled.stdout), withoutPasswords(here.stdout))
    }
  })

  test('fails when a push fails, naming the address', () => {
    const { status, stderr } = push('REGISTRY=127.0.0.1:1/charts', 'PLAIN_HTTP=1')
    assert.notEqual(status, 0)
    assert.match(stderr, /127\.0\.0\.1:1/)
  })

  test('says what it wants to know', () => {
    const { status, stderr } = push()
    assert.notEqual(status, 0)
    assert.match(stderr, /make charts-push REGISTRY=/)
  })
})

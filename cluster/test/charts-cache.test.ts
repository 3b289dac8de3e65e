import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { installUpstream } from '../src/charts.ts'
import { run } from '../src/command.ts'

const skip = spawnSync('helm', ['version']).error && 'helm is not on PATH: make tools'

test('a chart is downloaded once; a second make up asks nobody for it', { skip }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'charts-cache-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [source, served, cache] = ['source', 'served', 'cache'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [source, served, cache]) mkdirSync(path)
  const version = 'v1.2.3' // as cert-manager's, with its letter
  writeFileSync(join(source, 'Chart.yaml'), `apiVersion: v2\nname: cert-manager\nversion: ${version}\n`)
  for (const args of [
    ['package', source, '--destination', served],
    ['repo', 'index', served],
  ])
    assert.equal((await run('helm', args)).code, 0)

  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url!)
    response.end(readFileSync(join(served, request.url!)))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.close())
  const repository = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const values = 'observability-values/cert-manager.yaml'
  const chart = { name: 'cert-manager', values, namespace: 'cert-manager', repository, version }

  const [pull, ...upgrade] = installUpstream('kind-none', chart, cache).commands
  const { code, output } = await run(pull![0], pull!.slice(1))
  assert.equal(code, 0, output)
  assert.ok(requests.length > 0)
  const again = installUpstream('kind-none', chart, cache).commands
  assert.deepEqual(again, upgrade)
  assert.equal(
    again.flat().some((argument) => argument.includes(repository)),
    false,
  )
  const archive = again[0]!.find((argument) => argument.endsWith('.tgz'))!
  assert.match((await run('helm', ['show', 'chart', archive])).stdout, /^name: cert-manager$/m)
})

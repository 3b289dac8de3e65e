import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { installedStack, stacks, upstreamCharts } from '../src/charts.ts'

let folder: string
const path = process.env.PATH

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helm-'))
  process.env.PATH = folder + delimiter + path
})
afterEach(() => {
  process.env.PATH = path
  rmSync(folder, { recursive: true })
})

/** A `helm list` of these charts. */
const helmWith = (charts: string[]) =>
  writeFileSync(join(folder, 'helm'), `#!/bin/sh\necho '${JSON.stringify(charts.map((chart) => ({ chart })))}'\n`, {
    mode: 0o755,
  })

for (const stack of stacks)
  test(`a cluster with the charts of the ${stack} stack has that one`, async () => {
    helmWith(upstreamCharts[stack].map(({ name, version }) => `${name}-${version}`))
    assert.equal(await installedStack('kind-none'), stack)
  })

test('a cluster with one chart of a stack, of whatever version, has that one', async () => {
  helmWith(['kube-prometheus-stack-88.3.0', 'loki-stack-2.9.0'])
  assert.equal(await installedStack('kind-none'), 'classic')
})

test('a cluster with what both have, or nothing, may become either', async () => {
  helmWith(['kube-prometheus-stack-88.3.0', 'observability-3.0.0'])
  assert.equal(await installedStack('kind-none'), undefined)
  helmWith([])
  assert.equal(await installedStack('kind-none'), undefined)
})

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { freePort } from '@hello/processes/ports'
import { eventually } from '@hello/test-support/eventually'
import { outsideMetrics } from './outside-metrics.ts'

const needs = (program: string) => ({
  skip: spawnSync(program, ['--version']).error ? `${program} is not on PATH` : false,
})

/** Starts a program that listens on a port, and ends it with the test. */
async function start(t: TestContext, program: string, args: (port: number) => string[]): Promise<string> {
  const port = await freePort()
  const child = spawn(program, args(port), { stdio: 'ignore' })
  t.after(async () => {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
  })
  return `http://127.0.0.1:${port}`
}

const textOf = async (url: string) => (await fetch(url)).text()

test('node_exporter exposes what the dashboards ask of it', needs('node_exporter'), async (t) => {
  const at = await start(t, 'node_exporter', (port) => [`--web.listen-address=127.0.0.1:${port}`])
  const text = await eventually(() => textOf(`${at}/metrics`))
  for (const metric of outsideMetrics.node_exporter) assert.match(text, new RegExp(`^${metric}[{ ]`, 'm'), metric)
})

test('Prometheus has what the dashboards ask of it', needs('prometheus'), async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const at = await start(t, 'prometheus', (port) => {
    const scrapes = { job_name: 'itself', static_configs: [{ targets: [`127.0.0.1:${port}`] }] }
    const rules = { groups: [{ name: 'always', rules: [{ alert: 'Always', expr: 'vector(1)' }] }] }
    writeFileSync(join(folder, 'rules.json'), JSON.stringify(rules))
    writeFileSync(
      join(folder, 'prometheus.json'),
      JSON.stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: [join(folder, 'rules.json')],
        scrape_configs: [scrapes],
      }),
    )
    return [
      `--config.file=${join(folder, 'prometheus.json')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]
  })
  await eventually(async () => {
    const { data } = JSON.parse(await textOf(`${at}/api/v1/label/__name__/values`))
    for (const metric of outsideMetrics.prometheus) assert.ok(data.includes(metric), metric)
  })
})

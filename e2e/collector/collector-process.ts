import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findProgram } from '@hello/local/stack/find-programs'
import { freePort } from '@hello/processes/ports'
import { startTied } from '@hello/processes/tied-process'
import { eventually } from '@hello/test-support/eventually'
import { parse } from 'yaml'

const program = process.env.OTELCOL ?? findProgram('otelcol-contrib')

/** For node:test: why what needs the OpenTelemetry Collector is skipped, or false. */
export const skip: string | false = program ? false : 'otelcol-contrib is not on PATH, and OTELCOL names none'

// biome-ignore lint/suspicious/noExplicitAny: the configuration of a program of others
export type Config = any

/** The configuration with which `make up STACK=modern` runs a Collector. A null deletes a default of the chart, of which there is none here. */
export function chartConfig(name: 'gateway' | 'agent'): Config {
  const file = new URL(`../../observability-values/modern/opentelemetry-collector-${name}.yaml`, import.meta.url)
  const { config } = parse(readFileSync(fileURLToPath(file), 'utf8'))
  return JSON.parse(JSON.stringify(config, (_, value) => (value === null ? undefined : value)))
}

/** A folder that goes with the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'collector-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts a Collector, ready to be sent to, with its ports on free ones and its files in a folder; it ends with the test. */
export async function startCollector(t: TestContext, config: Config, folder: string, env: Record<string, string> = {}) {
  const ports = new Map<string, number>()
  for (const port of ['13133', '4317', '4318', '8888', '8889']) ports.set(port, await freePort())
  const metrics = config.service.telemetry.metrics.readers[0].pull.exporter.prometheus
  metrics.host = '127.0.0.1'
  metrics.port = ports.get('8888')
  config.extensions.file_storage.directory = join(folder, 'storage')
  config.extensions.file_storage.compaction.directory = join(folder, 'storage')
  mkdirSync(join(folder, 'storage'), { recursive: true })
  const file = join(folder, 'collector.json')
  const text = JSON.stringify(config).replaceAll(
    /\$\{env:MY_POD_IP\}:(\d+)/g,
    (_, port) => `127.0.0.1:${ports.get(port)}`,
  )
  writeFileSync(file, text)
  const output: string[] = []
  const running = await startTied({
    command: program!,
    args: [`--config=${file}`],
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stopSignals: ['SIGKILL'],
    stopTimeout: 5000,
    output: (line) => output.push(line),
  })
  t.after(() => running.stop())
  const url = (port: string) => `http://127.0.0.1:${ports.get(port)}`
  const metricsOf = async (port: string) => (await fetch(`${url(port)}/metrics`)).text()
  const dead = running.exited.then(() => {
    throw new Error(`the Collector has ended:\n${output.slice(-20).join('\n')}`)
  })
  dead.catch(() => {})
  await Promise.race([dead, eventually(async () => (await fetch(url('13133'))).ok)])

  return {
    otlp: `127.0.0.1:${ports.get('4317')}`,
    /** What Prometheus would scrape: of the Collector itself, or (8889) what it makes of what it receives. */
    scrape: (port: '8888' | '8889' = '8888') => metricsOf(port),
    /** The sum of a metric of the Collector's own over its series that have some text in their labels. */
    async sum(metric: string, having = ''): Promise<number> {
      const lines = (await metricsOf('8888'))
        .split('\n')
        .filter((line) => line.startsWith(`${metric}{`) && line.includes(having))
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    },
    output,
    /** By SIGKILL, as when the kernel lacks memory. */
    kill: () => running.stop(),
  }
}

import { parseArgs } from 'node:util'
import { chartValues } from '@hello/local/stack/chart-values'
import { objectives } from '@hello/monitoring/objectives'
import { measureRequest, type Service, services } from './sizing/measured-request.ts'

const seconds = 20
const visitors = 16

const help = `What a request at the gateway takes and leaves behind, and what that makes at 100, 1,000 and 10,000 of them a second.

Usage: node bench/sizing.ts [--help]

${visitors} visitors who look and buy as k6's do (k6/lib/visitors.ts), for ${seconds} s until the shop is warm and as long again, which
is measured, with logs and every trace. It needs /proc, and a machine that does nothing else.`

const { values: options } = parseArgs({ options: { help: { type: 'boolean', default: false } } })
if (options.help) {
  console.log(help)
  process.exit(0)
}

const rates = [100, 1000, 10_000]
const daySeconds = 86_400
/** Fewer do not survive a node (charts/service/values/production.yaml). */
const leastPods = 2
/** Share of the traces that the production values keep, beside those that failed or were slow. */
const keptShare = 0.05
/** Upper end of what Prometheus says of itself: https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects */
const bytesPerSample = 2

function printRow(name: string, cells: string[]) {
  console.log(`${name.padEnd(36)}${cells.map((cell) => cell.padStart(12)).join('')}`)
}

const units = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
] as const
/** In the largest unit of which it is one, with two digits at least. */
function decimal(bytes: number): string {
  const [unit, size] = units.find(([, size]) => bytes >= size) ?? units.at(-1)!
  return `${(bytes / size).toFixed(bytes / size < 10 ? 1 : 0)} ${unit}`
}

const { requests, cpu, memory, series, spans, lines } = await measureRequest(seconds, visitors)
console.log(`${requests} requests in ${seconds} s by ${visitors} visitors\n`)
printRow('of one request', ['CPU us', 'memory', 'series'])
for (const name of [...services, 'postgres'] as const)
  printRow(name, [
    cpu[name].toFixed(0),
    `${(memory[name] / 2 ** 20).toFixed(0)} MiB`,
    name === 'postgres' ? '' : String(series[name]),
  ])
console.log()
printRow('of one request', ['number', 'bytes', 'of one'])
for (const [name, count, bytes] of [
  ['spans, as they are sent', spans.count, spans.bytes],
  ['lines, as they are written', lines.count, lines.bytes],
  ['lines, packed', lines.count, lines.packedBytes],
] as const)
  printRow(name, [count.toFixed(1), bytes.toFixed(0), (bytes / count).toFixed(0)])

const pods = (name: Service, rate: number) =>
  Math.max(leastPods, Math.ceil((rate * cpu[name]) / 1e6 / objectives.processor.share))
const ofAllPods = (rate: number, figures: Record<Service, number>) =>
  services.reduce((sum, name) => sum + pods(name, rate) * figures[name], 0)
const scrapeSeconds = Number.parseInt(chartValues('kube-prometheus-stack').prometheus.prometheusSpec.scrapeInterval, 10)

const aDay = (bytes: number) => (rate: number) => decimal(rate * bytes * daySeconds)
const atRate: Record<string, (rate: number) => string> = {
  'requests a second': (rate) => rate.toLocaleString('en'),
  ...Object.fromEntries(services.map((name) => [`pods, ${name}`, (rate: number) => String(pods(name, rate))])),
  'memory of the pods': (rate) => decimal(ofAllPods(rate, memory)),
  'cores of PostgreSQL': (rate) => ((rate * cpu.postgres) / 1e6).toPrecision(2),
  'spans a day, every trace': aDay(spans.bytes),
  'spans a day, one trace in twenty': aDay(spans.bytes * keptShare),
  'lines a day, as written': aDay(lines.bytes),
  'lines a day, packed': aDay(lines.packedBytes),
  series: (rate) => ofAllPods(rate, series).toLocaleString('en'),
  'samples a day': (rate) => decimal((ofAllPods(rate, series) * daySeconds * bytesPerSample) / scrapeSeconds),
}
console.log()
for (const [name, cell] of Object.entries(atRate)) printRow(name, rates.map(cell))

import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { startShop } from '@hello/local/shop/start-shop'
import { chartValues } from '@hello/local/stack/chart-values'
import { objectives } from '@hello/monitoring/objectives'
import { freePort } from '@hello/processes/ports'
import { memoryTaken } from '@hello/processes/process-info'
import pg from 'pg'
import { consumptionOf } from './cost/consumption.ts'
import { startSpanReceiver } from './sizing/span-receiver.ts'
import { shelves, visitFor } from './sizing/visits.ts'

const help = `What a request at the gateway takes and leaves behind, and what that makes at 100, 1,000 and 10,000 of them a second.

Usage: node bench/sizing.ts [options]

  --seconds N   length of the measurement (default 20), after as long for warming up
  --visitors N  at a time (default 16), of whom three in five requests only look (k6/lib/visitors.ts)
  --help        show this

All is measured with logs and every trace: CPU of each process, spans and their bytes as they are sent, lines and their bytes as they
are written, both also packed by gzip, and series of each pod. From /proc, so on Linux; on a machine that does nothing else.`

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    visitors: { type: 'string', default: '16' },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  console.log(help)
  process.exit(0)
}
const seconds = Number(options.seconds)
const visitors = Number(options.visitors)

const rates = [100, 1000, 10_000]
const names = ['gateway', 'product', 'inventory', 'order'] as const
const daySeconds = 86_400
/** Fewer do not survive a node (charts/service/values/production.yaml). */
const leastPods = 2
/** Share of the traces that is kept by the production values, beside those that failed or were slow. */
const keptShare = 0.05
/** Upper end of what Prometheus says of itself: https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects */
const bytesPerSample = 2
/** Loki packs about so much into one block before it is compressed; its chunks are of many blocks. */
const packedTogether = 256 * 1024

const port = await freePort()
const receiver = await startSpanReceiver(port)
let lines: string[] = []
const shop = await startShop({
  only: [...names],
  // One client sends everything here, so that the limit per client would be what is measured.
  env: { RATE_LIMIT_PER_SECOND: '1000000', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  onLine: (_name, line) => lines.push(line),
})

async function put(service: 'product' | 'inventory') {
  const client = new pg.Client({ connectionString: shop.databaseUrl(service) })
  await client.connect()
  await client.query(shelves[service])
  await client.end()
}

/** Samples of one scrape. */
async function seriesOf(service: string): Promise<number> {
  const { url } = shop.managementUrls.find(({ name }) => name === service)!
  const text = await (await fetch(`${url}/metrics`)).text()
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
}

const packed = (text: string) => gzipSync(text.slice(0, packedTogether)).length / Math.min(text.length, packedTogether)

async function measure() {
  const pids = new Map(shop.processes().map(({ service, pid }) => [service as string, pid!]))
  const cpu = () => new Map([...pids].map(([name, pid]) => [name, consumptionOf(pid, true).cpu]))
  await visitFor(seconds, shop.urls.gateway, visitors)
  await delay(1000)
  lines = []
  const [before, spansBefore, bytesBefore] = [cpu(), receiver.received.spans, receiver.received.bytes]
  const requests = await visitFor(seconds, shop.urls.gateway, visitors)
  await delay(1000) // the last spans are sent within a fifth of it
  const after = cpu()
  const text = lines.join('\n')
  return {
    requests,
    cpuMicros: new Map([...after].map(([name, micros]) => [name, (micros - before.get(name)!) / requests])),
    memory: new Map([...pids].map(([name, pid]) => [name, memoryTaken([pid])])),
    series: new Map(await Promise.all(names.map(async (name) => [name, await seriesOf(name)] as const))),
    spans: (receiver.received.spans - spansBefore) / requests,
    spanBytes: (receiver.received.bytes - bytesBefore) / requests,
    lines: lines.length / requests,
    lineBytes: Buffer.byteLength(text) / requests,
    linesPacked: packed(text),
  }
}

let measured: Awaited<ReturnType<typeof measure>>
try {
  await shop.ready()
  await put('product')
  await put('inventory')
  measured = await measure()
} finally {
  await shop.stop()
  receiver.stop()
}

/** Two digits at least, in the largest unit of which it is one. */
function decimal(bytes: number): string {
  const [unit, size] = (
    [
      ['TB', 1e12],
      ['GB', 1e9],
    ] as const
  ).find(([, size]) => bytes >= size) ?? ['MB', 1e6]
  return `${(bytes / size).toFixed(bytes / size < 10 ? 1 : 0)} ${unit}`
}
const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
function printRow(name: string, cells: string[]) {
  console.log(`${name.padEnd(36)}${cells.map((cell) => cell.padStart(12)).join('')}`)
}

const { requests, cpuMicros, memory, series, ...each } = measured
console.log(`${requests} requests in ${seconds} s by ${visitors} visitors\n`)
printRow('of one request', ['CPU us', 'memory', 'series'])
for (const name of [...names, 'postgres'])
  printRow(name, [
    cpuMicros.get(name)!.toFixed(0),
    mebibytes(memory.get(name)!),
    String(series.get(name as (typeof names)[number]) ?? ''),
  ])
console.log()
printRow('of one request', ['number', 'bytes', 'of one'])
printRow('spans, as they are sent', [
  each.spans.toFixed(1),
  each.spanBytes.toFixed(0),
  (each.spanBytes / each.spans).toFixed(0),
])
printRow('lines, as they are written', [
  each.lines.toFixed(1),
  each.lineBytes.toFixed(0),
  (each.lineBytes / each.lines).toFixed(0),
])
printRow('lines, packed', [
  '',
  (each.lineBytes * each.linesPacked).toFixed(0),
  ((each.lineBytes * each.linesPacked) / each.lines).toFixed(0),
])

const scrapeSeconds = Number.parseInt(chartValues('kube-prometheus-stack').prometheus.prometheusSpec.scrapeInterval, 10)
const pods = (name: string, rate: number) =>
  Math.max(leastPods, Math.ceil((rate * cpuMicros.get(name)!) / 1e6 / objectives.processor.share))
const seriesAt = (rate: number) => names.reduce((sum, name) => sum + pods(name, rate) * series.get(name)!, 0)

console.log()
printRow(
  'requests a second',
  rates.map((rate) => rate.toLocaleString('en')),
)
for (const name of names)
  printRow(
    `pods, ${name}`,
    rates.map((rate) => String(pods(name, rate))),
  )
printRow(
  'memory of the pods',
  rates.map((rate) => decimal(names.reduce((sum, name) => sum + pods(name, rate) * memory.get(name)!, 0))),
)
printRow(
  'processors, PostgreSQL',
  rates.map((rate) => ((rate * cpuMicros.get('postgres')!) / 1e6).toFixed(1)),
)
printRow(
  'spans a day, every trace',
  rates.map((rate) => decimal(rate * each.spanBytes * daySeconds)),
)
printRow(
  'spans a day, one trace in twenty',
  rates.map((rate) => decimal(rate * each.spanBytes * daySeconds * keptShare)),
)
printRow(
  'lines a day, as written',
  rates.map((rate) => decimal(rate * each.lineBytes * daySeconds)),
)
printRow(
  'lines a day, packed',
  rates.map((rate) => decimal(rate * each.lineBytes * each.linesPacked * daySeconds)),
)
printRow(
  'series',
  rates.map((rate) => seriesAt(rate).toLocaleString('en')),
)
printRow(
  'samples a day',
  rates.map((rate) => decimal((seriesAt(rate) * daySeconds * bytesPerSample) / scrapeSeconds)),
)

import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { startShop } from '@hello/local/shop/start-shop'
import { freePort } from '@hello/processes/ports'
import { memoryTaken } from '@hello/processes/process-info'
import { consumptionOf } from '../cost/consumption.ts'
import { fillShelves } from '../shelves.ts'
import { startSpanReceiver } from '../span-receiver.ts'
import { products, visitFor } from './visits.ts'

export const services = ['gateway', 'product', 'inventory', 'order'] as const
export type Service = (typeof services)[number]

/** What a request at the gateway takes and leaves behind, with logs and every trace. */
export interface MeasuredRequest {
  /** How many were measured. */
  requests: number
  /** User and system time in microseconds. */
  cpu: Record<Service | 'postgres', number>
  /** Bytes of each process, once they have been answered. */
  memory: Record<Service | 'postgres', number>
  /** Samples of one scrape of a process. */
  series: Record<Service, number>
  /** How many, and their bytes as they are sent. */
  spans: { count: number; bytes: number }
  /** How many, and their bytes as they are written, and packed by gzip as Loki's chunks are. */
  lines: { count: number; bytes: number; packedBytes: number }
}

/** So many characters are packed together: Loki's `chunk_block_size`. */
const block = 256 * 1024
/** The last spans are sent, and the last lines written, within a fifth of it. Milliseconds. */
const untilSent = 1000

const packedShare = (text: string) => gzipSync(text.slice(0, block)).length / Math.min(text.length, block)

async function seriesAt(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
}

/** Runs a shop with visitors, for `seconds` until it is warm and as long again, which is measured. */
export async function measureRequest(seconds: number, visitors: number): Promise<MeasuredRequest> {
  const port = await freePort()
  const receiver = await startSpanReceiver(port)
  const { received } = receiver
  let lines: string[] = []
  const shop = await startShop({
    only: [...services],
    // One client sends everything here, so that the limit per client would be what is measured.
    env: { RATE_LIMIT_PER_SECOND: '1000000', OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
    onLine: (_name, line) => lines.push(line),
  })
  const ofEach = async <Name extends string>(
    names: readonly Name[],
    figure: (name: Name) => number | Promise<number>,
  ) =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, await figure(name)]))) as Record<Name, number>
  try {
    await shop.ready()
    await fillShelves(shop.databaseUrl, products)
    await visitFor(seconds, shop.urls.gateway, visitors)
    await delay(untilSent)

    const processes = [...services, 'postgres'] as const
    const pidOf = (name: string) => shop.processes().find(({ service }) => service === name)!.pid!
    const consumed = () => ofEach(processes, (name) => consumptionOf(pidOf(name), true).cpu)
    lines = []
    const [cpuBefore, before] = [await consumed(), { ...received }]
    const requests = await visitFor(seconds, shop.urls.gateway, visitors)
    await delay(untilSent)

    const cpu = await consumed()
    const text = lines.join('\n')
    const bytes = Buffer.byteLength(text) / requests
    const management = (name: Service) => shop.managementUrls.find((one) => one.name === name)!.url
    return {
      requests,
      cpu: await ofEach(processes, (name) => (cpu[name] - cpuBefore[name]) / requests),
      memory: await ofEach(processes, (name) => memoryTaken([pidOf(name)])),
      series: await ofEach(services, (name) => seriesAt(management(name))),
      spans: {
        count: (received.spans - before.spans) / requests,
        bytes: (received.bytes - before.bytes) / requests,
      },
      lines: { count: lines.length / requests, bytes, packedBytes: bytes * packedShare(text) },
    }
  } finally {
    await shop.stop()
    receiver.stop()
  }
}

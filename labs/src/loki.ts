import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Text } from '@hello/faults/fault'
import { findProgram } from '@hello/local/stack/find-programs'
import { freePort } from '@hello/processes/ports'
import { startTied } from '@hello/processes/tied-process'
import type { Row } from './promtool.ts'

/** Lines of one stream, each so many minutes old. */
export interface Stream {
  labels: Record<string, string>
  lines: { age: number; text: string }[]
}

/** A query that Loki answers by no numbers; `lack` says what it does instead. */
export class NoNumbers extends Error {
  readonly lack: Text

  constructor(lack: Text) {
    super(lack.en)
    this.lack = lack
  }
}

const noRows: Text = {
  en: 'The answer has to be rows of numbers, and it is lines or a single number.',
  ko: '결과가 숫자로 된 행이어야 하는데 로그이거나 숫자 하나입니다.',
}

/** Until it takes lines, and for each answer, in milliseconds. */
const patience = 30_000

const address = '127.0.0.1'

function configuration(folder: string, http: number, grpc: number) {
  return {
    // Each request names whose lines it is about, so that scenes do not see each other's.
    auth_enabled: true,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_address: address,
      http_listen_port: http,
      grpc_listen_address: address,
      grpc_listen_port: grpc,
      log_level: 'error',
    },
    common: {
      instance_addr: address,
      path_prefix: folder,
      replication_factor: 1,
      ring: { instance_addr: address, kvstore: { store: 'inmemory' } },
      storage: { filesystem: { chunks_directory: join(folder, 'chunks'), rules_directory: join(folder, 'rules') } },
    },
    // Else a query waits ten seconds until the ring of schedulers is known.
    frontend_worker: { frontend_address: `${address}:${grpc}` },
    ingester: { wal: { enabled: false }, lifecycler: { min_ready_duration: '0s', final_sleep: '0s' } },
    schema_config: {
      configs: [
        {
          from: '2024-04-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
  }
}

/**
 * Starts a Loki of its own for as long as it is needed; it ends with this process, also by SIGKILL.
 *
 * @throws Error when it does not start
 */
export async function withLoki<Result>(use: (loki: Loki) => Promise<Result>, signal: AbortSignal): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-'))
  const [http, grpc] = [await freePort(), await freePort()]
  const config = join(folder, 'loki.json')
  await writeFile(config, JSON.stringify(configuration(folder, http, grpc)))
  const said: string[] = []
  const loki = await startTied({
    command: findProgram('loki')!,
    args: [`-config.file=${config}`],
    cwd: folder,
    env: process.env,
    stopSignals: ['SIGKILL'],
    stopTimeout: 3000,
    output: (line) => said.push(line),
  })
  try {
    const url = `http://${address}:${http}`
    const own = lokiAt(url, signal)
    // Its /ready waits for others to join; it takes lines long before that.
    const takesLines = () => own.push('start', [{ labels: { app: 'lab' }, lines: [{ age: 0, text: '' }] }])
    for (const deadline = Date.now() + patience; ; await delay(100, undefined, { signal })) {
      try {
        await takesLines()
        break
      } catch (error) {
        signal.throwIfAborted()
        if (Date.now() > deadline) throw new Error(`Loki takes no lines: ${said.slice(-3).join(' ')}`, { cause: error })
      }
    }
    return await use(own)
  } finally {
    await loki.stop()
    await rm(folder, { recursive: true })
  }
}

function lokiAt(url: string, signal: AbortSignal) {
  const ask = (path: string, tenant: string, options: RequestInit = {}) =>
    fetch(url + path, {
      ...options,
      headers: { 'content-type': 'application/json', 'x-scope-orgid': tenant },
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    })
  return {
    /** Takes lines in for one tenant. */
    async push(tenant: string, streams: Stream[]) {
      const now = Date.now()
      const body = {
        streams: streams.map(({ labels, lines }) => ({
          stream: labels,
          values: lines.map(({ age, text }) => [`${now - age * 60_000}000000`, text]),
        })),
      }
      const answer = await ask('/loki/api/v1/push', tenant, { method: 'POST', body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(`Loki takes no lines: ${answer.status} ${await answer.text()}`)
    },
    /**
     * Asks for numbers as of now, over what one tenant has.
     *
     * @throws NoNumbers
     */
    async numbers(tenant: string, query: string): Promise<Row[]> {
      const answer = await ask(`/loki/api/v1/query?${new URLSearchParams({ query })}`, tenant)
      if (!answer.ok) {
        const said = (await answer.text()).trim()
        if (said.includes('log queries are not supported')) throw new NoNumbers(noRows)
        throw new NoNumbers({ en: `Loki says: ${said}`, ko: `Loki의 메시지: ${said}` })
      }
      const { data } = (await answer.json()) as {
        data: { resultType: string; result: { metric: Record<string, string>; value: [number, string] }[] }
      }
      if (data.resultType !== 'vector') throw new NoNumbers(noRows)
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
    },
  }
}

export type Loki = ReturnType<typeof lokiAt>

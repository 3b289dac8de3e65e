import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Text } from '@hello/faults/fault'
import { findProgram } from '@hello/local/stack/find-programs'
import { lokiConfiguration } from '@hello/local/stack/loki'
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

const configuration = (folder: string, ports: { http: number; grpc: number }) => ({
  ...lokiConfiguration(folder, ports),
  // Each request names whose lines it is about, so that scenes do not see each other's.
  auth_enabled: true,
  // Else a query waits ten seconds until the ring of schedulers is known.
  frontend_worker: { frontend_address: `${address}:${ports.grpc}` },
})

/**
 * Starts a Loki of its own for as long as it is needed; it ends with this process, also by SIGKILL.
 *
 * @throws Error when it does not start
 */
export async function withLoki<Result>(use: (loki: Loki) => Promise<Result>, signal: AbortSignal): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-'))
  const ports = { http: await freePort(), grpc: await freePort() }
  const config = join(folder, 'loki.json')
  await writeFile(config, JSON.stringify(configuration(folder, ports)))
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
    const url = `http://${address}:${ports.http}`
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

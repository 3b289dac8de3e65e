import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseEnv } from 'node:util'
import type { Text } from '@hello/faults/fault'
import { defineWrittenLab } from '../src/lab.ts'
import { type RunningScript, waitUntil } from '../src/traced-script.ts'
import { withService } from '../src/traced-service.ts'

const service = join(import.meta.dirname, 'service.ts')
const settings = ['OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG']

/** What is slow, and what is paid for, as the question says. */
const slow = 300
const paidFor = 0.1

interface Sent {
  traceId: string
  /** Milliseconds until the answer, as the client saw it: the service took no longer. */
  took: number
}

type Ask = (path: string, options?: RequestInit) => Promise<unknown>

/** A request's trace id is the same each time, so that a share of them is, too; of every second one the caller keeps nothing itself. */
async function sendOne(ask: Ask, path: string, index: number): Promise<Sent> {
  const traceId = createHash('sha256').update(`${path} ${index}`).digest('hex').slice(0, 32)
  const began = performance.now()
  await ask(path, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-0${index % 2}` } })
  return { traceId, took: performance.now() - began }
}

/** Sends requests, twenty at a time. */
async function send(ask: Ask, path: string, count: number): Promise<Sent[]> {
  const sent: Sent[] = []
  while (sent.length < count) {
    const some = Array.from({ length: Math.min(20, count - sent.length) }, (_, n) =>
      sendOne(ask, path, sent.length + n),
    )
    sent.push(...(await Promise.all(some)))
  }
  return sent
}

// A busy machine makes slow what is not.
const notSlow = (all: Sent[]) => all.filter(({ took }) => took < slow)

/** Sends requests of 50 ms until some have taken hardly longer. */
async function sendBrisk(ask: Ask): Promise<Sent[]> {
  const brisk: Sent[] = []
  for (let tries = 0; tries < 100 && notSlow(brisk).length < 6; tries++)
    brisk.push(await sendOne(ask, '/parts?ms=50', tries))
  return notSlow(brisk)
}

/** Until what is kept has come, and what comes late, in milliseconds. */
const patience = 5000
const settling = 500

async function lackOf(ask: Ask, script: RunningScript, signal: AbortSignal): Promise<Text | undefined> {
  const kept = (all: Sent[]) => all.filter(({ traceId }) => script.spans(traceId).length > 0).length
  const ordinary = await send(ask, '/parts', 400)
  const brisk = await sendBrisk(ask)
  const late = await send(ask, `/parts?ms=${slow + 100}`, 10)
  const failed = await send(ask, '/parts?fails=yes', 10)
  await waitUntil(() => kept([...late, ...failed]) === late.length + failed.length, patience, signal)
  await delay(settling, undefined, { signal })
  const [keptFailed, keptLate] = [kept(failed), kept(late)]
  if (keptFailed < failed.length)
    return {
      en: `${failed.length} requests failed, and ${keptFailed} of their traces are there.`,
      ko: `요청 ${failed.length}개가 실패했는데 트레이스는 ${keptFailed}개만 있습니다.`,
    }
  if (keptLate < late.length)
    return {
      en: `${late.length} requests took ${slow + 100} ms, and ${keptLate} of their traces are there.`,
      ko: `요청 ${late.length}개가 ${slow + 100}ms 걸렸는데 트레이스는 ${keptLate}개만 있습니다.`,
    }
  const [quick, quickKept] = [notSlow(ordinary).length, kept(notSlow(ordinary))]
  if (quickKept > paidFor * quick)
    return {
      en: `Of ${quick} ordinary requests ${quickKept} traces were kept: nobody pays for more than one in ten.`,
      ko: `평범한 요청 ${quick}개 중 ${quickKept}개의 트레이스가 보관되었습니다. 열에 하나가 넘으면 아무도 비용을 내지 않습니다.`,
    }
  if (quickKept === 0)
    return {
      en: `Of ${quick} ordinary requests no trace was kept: with what do you compare a slow one?`,
      ko: `평범한 요청 ${quick}개 중 보관된 트레이스가 없습니다. 느린 요청을 무엇과 비교하겠습니까?`,
    }
  if (kept(brisk) > brisk.length / 2)
    return {
      en: 'Requests that took 50 ms were kept as if they were slow.',
      ko: '50ms 걸린 요청이 느린 요청처럼 보관되었습니다.',
    }
  return undefined
}

export const theTraceThatNobodyKept = defineWrittenLab({
  number: 25,
  level: 3,
  name: 'the-trace-that-nobody-kept',
  file: 'telemetry.env',
  hints: [
    {
      en: 'A sampler that decides when a request begins cannot know how it ends. When is that known?',
      ko: '요청이 시작될 때 결정하는 샘플러는 그 요청이 어떻게 끝날지 알 수 없습니다. 언제 알 수 있습니까?',
    },
    {
      en: 'packages/telemetry/README.md lists what its preload reads: one of the samplers decides at the end.',
      ko: 'packages/telemetry/README.md에 프리로드가 읽는 설정이 있습니다. 샘플러 중 하나는 마지막에 결정합니다.',
    },
    {
      en: 'OTEL_TRACES_SAMPLER=tail_traceidratio, and its argument says the share of the others and from when a span is slow: ratio=…,slow_ms=…',
      ko: 'OTEL_TRACES_SAMPLER=tail_traceidratio이며, 인수는 나머지의 비율과 몇 밀리초부터 느린지를 정합니다. ratio=…,slow_ms=…',
    },
  ],
  async grade(file, signal) {
    const env = parseEnv(readFileSync(file, 'utf8')) as Record<string, string>
    const others = Object.keys(env).filter((name) => !settings.includes(name))
    if (others.length > 0)
      return {
        en: `${others.join(', ')} is not asked for: only ${settings.join(' and ')} are.`,
        ko: `${others.join(', ')}은(는) 묻지 않았습니다. ${settings.join(', ')}만 쓰십시오.`,
      }
    return withService({ file: service, traced: true, env, patience: 30_000, signal }, ({ ask, script }) =>
      lackOf(ask, script, signal),
    )
  },
})

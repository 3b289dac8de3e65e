import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Text } from '@hello/faults/fault'
import type { Span } from '@hello/signals-api/span'
import { defineWrittenLab } from '../src/lab.ts'
import { type RunningScript, waitUntil } from '../src/traced-script.ts'
import { withService } from '../src/traced-service.ts'

/** Three at once, of which one begins the work and two come meanwhile, however slow the machine is; and one when all is done. */
const [busy, idle] = [['a', 'b', 'c'], ['d']]
const orders = [...busy, ...idle]
/** Each third attempt fails. */
const allAttempts = 5

/** Until it listens and answers, in milliseconds. */
const patience = 30_000
/** Until all receipts are sent, each of which takes 200 of these milliseconds. */
const untilSent = 10_000
/** Until all spans have come, in milliseconds. */
const untilExported = 3000

interface Receipts {
  sent: string[]
  mostAtOnce: number
}

const isReceipt = ({ name }: Span) => name === 'send receipt'

/** @param traceIds of the request of each order */
function lackOfTraces(traceIds: Map<string, string>, { spans }: RunningScript): Text | undefined {
  const receiptsIn = (order: string) => spans(traceIds.get(order)!).filter(isReceipt)
  for (const order of orders) {
    const foreign = receiptsIn(order).find(({ attributes }) => attributes['order.id'] !== order)
    if (foreign) {
      const other = foreign.attributes['order.id']
      return {
        en: `The receipt of order ${other} is in the trace of order ${order}.`,
        ko: `주문 ${other}의 영수증이 주문 ${order}의 트레이스에 있습니다.`,
      }
    }
  }
  for (const order of orders) {
    const own = receiptsIn(order)
    const requestSpans = new Set(spans(traceIds.get(order)!).map(({ spanId }) => spanId))
    if (own.length === 0 || !own.every(({ parentSpanId }) => requestSpans.has(parentSpanId ?? '')))
      return {
        en: `The receipt of order ${order} is not in the trace of its request, below the request's span.`,
        ko: `주문 ${order}의 영수증이 그 요청의 트레이스에, 요청의 스팬 아래에 있지 않습니다.`,
      }
  }
  const attempts = orders.flatMap(receiptsIn).length
  if (attempts !== allAttempts)
    return {
      en: `Of ${allAttempts} attempts ${attempts} are in the traces of their orders: one receipt was refused at first and tried again.`,
      ko: `시도 ${allAttempts}번 가운데 ${attempts}번만 자기 주문의 트레이스에 있습니다. 영수증 하나는 처음에 거부되어 다시 보냈습니다.`,
    }
  return undefined
}

async function lackIn(file: string, traced: boolean, signal: AbortSignal): Promise<Text | undefined> {
  const service = join(dirname(file), 'service.ts')
  return withService({ file: service, traced, patience, signal }, async ({ ask, script }) => {
    const traceIds = new Map(orders.map((order) => [order, randomBytes(16).toString('hex')]))
    const order = (id: string) =>
      ask(`/orders/${id}`, {
        method: 'POST',
        headers: { traceparent: `00-${traceIds.get(id)}-${randomBytes(8).toString('hex')}-01` },
      })
    async function receipts(): Promise<Receipts> {
      const { status, body } = await ask('/receipts')
      return status === 200 ? JSON.parse(body) : { sent: [], mostAtOnce: 0 }
    }
    const areSent = async (count: number) => script.ended() || (await receipts()).sent.length >= count
    const answers: number[] = []
    for (const group of [busy, idle]) {
      answers.push(...(await Promise.all(group.map(order))).map(({ status }) => status))
      await waitUntil(() => areSent(answers.length), untilSent, signal)
    }
    await delay(200, undefined, { signal }) // what is sent twice comes after the first time
    const { sent, mostAtOnce } = await receipts()
    if (answers.some((status) => status !== 202) || String(sent.toSorted()) !== String(orders))
      return {
        en: `Orders ${orders} were placed ${traced ? 'with' : 'without'} the preload, answered ${answers}, and the receipts of ${sent.toSorted()} were sent: each has to be sent once.`,
        ko: `프리로드가 ${traced ? '있을' : '없을'} 때 주문 ${orders}의 응답이 ${answers}이고, 보낸 영수증은 ${sent.toSorted()}입니다. 저마다 한 번씩 보내야 합니다.`,
      }
    if (mostAtOnce > 1)
      return {
        en: `${mostAtOnce} receipts were under way at once: the mail server takes one at a time.`,
        ko: `영수증 ${mostAtOnce}건을 동시에 보냈습니다. 메일 서버는 한 번에 하나만 받습니다.`,
      }
    if (!traced) return undefined
    await waitUntil(() => lackOfTraces(traceIds, script) === undefined, untilExported, signal)
    return lackOfTraces(traceIds, script)
  })
}

export const somebodyElsesReceipt = defineWrittenLab({
  number: 24,
  level: 3,
  name: 'somebody-elses-receipt',
  file: 'queue.ts',
  hints: [
    {
      en: 'Who calls work(), and for whom does it go on working?',
      ko: 'work()는 누가 호출하고, 그 뒤로 누구를 위해 계속 일합니까?',
    },
    {
      en: 'A function runs in the context in which it was called, not in that in which it was made. Keep the context with the job when it is added.',
      ko: '함수는 만들어진 곳이 아니라 호출된 곳의 컨텍스트에서 실행됩니다. 작업을 넣을 때 컨텍스트를 함께 보관하십시오.',
    },
    {
      en: 'waiting.push(context.bind(context.active(), job)), with context from @opentelemetry/api',
      ko: 'waiting.push(context.bind(context.active(), job)). context는 @opentelemetry/api에 있습니다',
    },
  ],
  grade: async (file, signal) => (await lackIn(file, true, signal)) ?? (await lackIn(file, false, signal)),
})

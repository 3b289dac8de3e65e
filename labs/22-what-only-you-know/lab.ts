import { randomBytes } from 'node:crypto'
import type { Text } from '@hello/faults/fault'
import type { Attributes, Span } from '@hello/signals-api/span'
import { defineWrittenLab } from '../src/lab.ts'
import { waitUntil } from '../src/traced-script.ts'
import { withService } from '../src/traced-service.ts'

/** What is asked for, what the service answers, and what its trace has to tell. */
const requests: { id: string; status: number; body: object; attributes: Attributes }[] = [
  {
    id: 'c1',
    status: 200,
    body: { id: 'c1', items: 2, total: 16.48 },
    attributes: { 'cart.id': 'c1', 'cart.items': 2, 'customer.tier': 'gold' },
  },
  {
    id: 'c3',
    status: 200,
    body: { id: 'c3', items: 0, total: 0 },
    attributes: { 'cart.id': 'c3', 'cart.items': 0, 'customer.tier': 'silver' },
  },
  { id: 'c9', status: 404, body: { error: 'Cart not found' }, attributes: { 'cart.id': 'c9' } },
  {
    id: 'c2',
    status: 200,
    body: { id: 'c2', items: 1, total: 29.99 },
    attributes: { 'cart.id': 'c2', 'cart.items': 1, 'customer.tier': 'basic' },
  },
]

/** Until it listens, answers, and has sent a span, in milliseconds. */
const patience = 30_000

const isOfALibrary = ({ scope }: Span) => /^@(opentelemetry|hello)\//.test(scope)

function lackOfSpans(spans: Span[], { id, attributes }: (typeof requests)[number]): Text | undefined {
  const path = `/carts/${id}`
  if (!spans.every(isOfALibrary))
    return {
      en: `The trace of ${path} has a span more than it had: put the attributes on the span that is there.`,
      ko: `${path}의 트레이스에 스팬이 하나 더 생겼습니다. 이미 있는 스팬에 속성을 넣으십시오.`,
    }
  if (JSON.stringify(spans).includes('@example.com'))
    return {
      en: `The trace of ${path} tells a customer's email address: traces are read by many, and kept.`,
      ko: `${path}의 트레이스에 고객의 이메일 주소가 있습니다. 트레이스는 많은 사람이 보고 오래 남습니다.`,
    }
  for (const [key, value] of Object.entries(attributes)) {
    const found = spans.map((span) => span.attributes[key]).find((one) => one !== undefined)
    if (found === undefined)
      return {
        en: `No span of the trace of ${path} has an attribute ${key}.`,
        ko: `${path}의 트레이스에 ${key} 속성이 있는 스팬이 없습니다.`,
      }
    if (found !== value)
      return {
        en: `In the trace of ${path} ${key} is ${JSON.stringify(found)}, and has to be ${JSON.stringify(value)}.`,
        ko: `${path}의 트레이스에서 ${key} 값이 ${JSON.stringify(found)}입니다. ${JSON.stringify(value)}여야 합니다.`,
      }
  }
  return undefined
}

async function lackIn(file: string, traced: boolean, signal: AbortSignal): Promise<Text | undefined> {
  return withService({ file, traced, patience, signal }, async ({ ask, script }) => {
    for (const request of requests) {
      const traceId = randomBytes(16).toString('hex')
      const headers = { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` }
      const { status, body } = await ask(`/carts/${request.id}`, { headers })
      const answer = `${status} ${body}`
      if (answer !== `${request.status} ${JSON.stringify(request.body)}`)
        return traced
          ? {
              en: `GET /carts/${request.id} is answered ${answer}: what is told of a request must not change its answer.`,
              ko: `GET /carts/${request.id}의 응답이 ${answer}입니다. 계측 때문에 응답이 달라지면 안 됩니다.`,
            }
          : {
              en: `Without the preload there is no span, and GET /carts/${request.id} is answered ${answer}: telemetry that is off must break nothing.`,
              ko: `프리로드가 없으면 스팬이 없습니다. 그때 GET /carts/${request.id}의 응답이 ${answer}입니다. 텔레메트리가 꺼져 있어도 서비스는 동작해야 합니다.`,
            }
      if (!traced) continue
      await waitUntil(() => script.spans(traceId).some(({ kind }) => kind === 'server'), patience, signal)
      const lack = lackOfSpans(script.spans(traceId), request)
      if (lack) return lack
    }
    return undefined
  })
}

export const whatOnlyYouKnow = defineWrittenLab({
  number: 22,
  level: 3,
  name: 'what-only-you-know',
  file: 'service.ts',
  hints: [
    {
      en: 'The preload has made a span before your handler is called. @opentelemetry/api knows which one is active.',
      ko: '핸들러가 호출되기 전에 프리로드가 이미 스팬을 만들었습니다. 활성 스팬이 무엇인지는 @opentelemetry/api가 압니다.',
    },
    {
      en: 'What is known before the cart is looked up belongs on the span before that; and where nothing is traced there is no span.',
      ko: '장바구니를 찾기 전에 아는 것은 찾기 전에 스팬에 넣어야 합니다. 그리고 추적하지 않을 때는 스팬이 없습니다.',
    },
    {
      en: "trace.getActiveSpan()?.setAttribute('cart.id', id) first, then setAttributes({ 'cart.items': …, 'customer.tier': … })",
      ko: "먼저 trace.getActiveSpan()?.setAttribute('cart.id', id), 그다음 setAttributes({ 'cart.items': …, 'customer.tier': … })",
    },
  ],
  grade: async (file, signal) => (await lackIn(file, true, signal)) ?? (await lackIn(file, false, signal)),
})

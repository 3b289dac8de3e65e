import { randomUUID } from 'node:crypto'
import { defineLab } from '../src/lab.ts'
import type { Visitor } from '../src/visitors.ts'

/** Orders two things with the key of one. */
const hasty: Visitor = {
  pause: 1500,
  async visit(call) {
    const key = randomUUID()
    for (const productId of ['product1', 'product3'])
      await (await call('POST', '/api/orders', { productId, quantity: 1 }, { 'idempotency-key': key })).body?.cancel()
  },
}

export const theWrongOrder = defineLab({
  number: 8,
  level: 1,
  name: 'the-wrong-order',
  incident: {
    visitor: () => hasty,
    hints: [
      {
        en: 'No service has failed. Ask for traces with status refused: a refusal is an answer.',
        ko: '실패한 서비스는 없습니다. 상태가 거부인 트레이스를 골라 보십시오. 거부도 하나의 응답입니다.',
      },
      {
        en: 'What does the answer say, by its status code? Read docs/api.md about orders with this code.',
        ko: '응답의 상태 코드는 무엇을 말합니까? docs/api.md에서 이 코드의 주문을 읽어 보십시오.',
      },
      {
        en: '422: the client has sent another order under an Idempotency-Key that it had used before.',
        ko: '422입니다. 클라이언트가 전에 쓴 Idempotency-Key로 다른 주문을 보냈습니다.',
      },
    ],
  },
  cause: { components: ['client'], mechanisms: ['key-reuse'] },
  evidence: {
    kind: 'trace',
    search: { service: 'order', status: 'refused' },
    shows: ({ spans }) =>
      spans.some(
        (span) =>
          span.service === 'order' && span.kind === 'server' && span.attributes['http.response.status_code'] === 422,
      ),
  },
})

import { defineFault } from '../src/fault.ts'

export const lostContext = defineFault({
  name: 'lost-context',
  services: ['gateway'],
  does: {
    en: 'The gateway loses the trace context before it calls a service: traces of product, inventory and order begin in the middle.',
    ko: '게이트웨이가 서비스를 부르기 전에 트레이스 컨텍스트를 잃습니다. 상품, 재고, 주문 서비스의 트레이스가 중간에서 시작합니다.',
  },
  breaks: 'nothing',
  ratio: 1,
  fires: [{ alert: 'ShopTraceContextLost' }],
  mayFire: [],
  evidence: [
    {
      kind: 'promql',
      query:
        'sum by (app) (rate(http_server_requests_without_parent_total{namespace="shop", app=~"product|inventory|order"}[1m])) > 0',
      shows: {
        en: 'services that only others of the shop call get requests without a trace',
        ko: '내부에서만 호출되는 서비스에 트레이스 없는 요청이 들어옵니다',
      },
    },
  ],
  cure: {
    en: 'Undo the rollout of the gateway; keep the asynchronous context wherever a library calls back (AsyncResource.bind).',
    ko: '게이트웨이 배포를 되돌립니다. 라이브러리가 콜백하는 곳에서 비동기 컨텍스트를 유지합니다(AsyncResource.bind).',
  },
  hints: [
    {
      en: 'Nobody is hurt, but whoever looks into a trace finds half of it.',
      ko: '피해를 입은 사람은 없지만 트레이스를 열면 절반만 보입니다.',
    },
    {
      en: 'With which service do the traces of a request to the shop end, and where do others begin?',
      ko: '상점 요청의 트레이스는 어느 서비스에서 끝나고, 다른 트레이스는 어디에서 시작합니까?',
    },
    {
      en: 'The gateway passes no traceparent on: its traces consist of one span, and those of the services behind it have no parent.',
      ko: '게이트웨이가 traceparent를 넘기지 않습니다. 게이트웨이의 트레이스는 스팬 하나뿐이고, 뒤쪽 서비스의 트레이스에는 부모가 없습니다.',
    },
  ],
})

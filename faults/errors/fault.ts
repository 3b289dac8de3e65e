import { defineFault } from '../src/fault.ts'

export const errors = defineFault({
  name: 'errors',
  services: ['order'],
  does: {
    en: 'The order service answers three of ten requests with 500 before it does anything.',
    ko: '주문 서비스가 요청 열 개 중 세 개에 아무 일도 하지 않고 500으로 응답합니다.',
  },
  breaks: 'part',
  ratio: 0.3,
  fires: [{ alert: 'ShopErrorBudgetBurn', labels: { severity: 'critical', objective: 'orders-availability' } }],
  mayFire: ['ShopLatencyBudgetBurn', 'ShopOrderOutcomeBudgetBurn'],
  evidence: [
    {
      kind: 'promql',
      query:
        'sum by (http_route) (rate(http_server_request_duration_seconds_count{namespace="shop", app="order", http_response_status_code="500"}[1m])) > 0',
      shows: {
        en: 'the order service itself answers 500, on every route',
        ko: '모든 경로에서 주문 서비스 자신이 500으로 응답합니다',
      },
    },
    {
      kind: 'logql',
      query: '{namespace="shop", app="order", level="error"} |= "the price rules could not be read"',
      shows: { en: 'why, with the trace of each failed request', ko: '실패한 요청마다 이유와 트레이스가 있습니다' },
    },
    {
      kind: 'trace',
      query: '{"service": "order", "tags": {"error": "true", "http.response.status_code": "500"}}',
      shows: {
        en: 'spans of the order service that fail without a child: no statement, no call',
        ko: '자식 스팬(SQL, 호출) 없이 실패한 주문 서비스의 스팬',
      },
    },
  ],
  cure: {
    en: 'Undo the release of the order service that began it; nothing has to be repaired, for nothing was done.',
    ko: '이 오류가 시작된 주문 서비스 배포를 되돌립니다. 처리된 것이 없으므로 복구할 데이터도 없습니다.',
  },
  hints: [
    { en: 'Some orders fail, and work when tried again.', ko: '주문이 가끔 실패하고, 다시 시도하면 됩니다.' },
    {
      en: 'Which service is the last one in the failed traces, and what has it done until then?',
      ko: '실패한 트레이스에서 마지막 서비스는 어디이고, 그때까지 무엇을 했습니까?',
    },
    {
      en: 'The order service fails three of ten requests by chance, before it asks its database or anybody else.',
      ko: '주문 서비스가 데이터베이스나 다른 서비스에 묻기도 전에 무작위로 열 개 중 세 개를 실패시킵니다.',
    },
  ],
})

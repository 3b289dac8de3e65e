import { defineFault } from '../src/fault.ts'

export const blackHole = defineFault({
  name: 'black-hole',
  services: ['order'],
  does: {
    en: 'What the order service asks of the product service is taken and never answered, as behind a firewall that drops packets, and it forgets the products that it knew.',
    ko: '패킷을 버리는 방화벽 뒤처럼, 주문 서비스가 상품 서비스에 보낸 요청은 연결만 되고 응답이 오지 않습니다. 기억하던 상품 정보도 잊습니다.',
  },
  breaks: 'part',
  ratio: 1,
  fires: [
    { alert: 'ShopBreakerOpen', labels: { app: 'order', server_address: 'product' } },
    { alert: 'ShopErrorBudgetBurn', labels: { severity: 'critical', objective: 'orders-availability' } },
  ],
  mayFire: [
    'ShopErrorBudgetNearlySpent',
    'ShopFewRequestsFail',
    'ShopLatencyBudgetBurn',
    'ShopOrderOutcomeBudgetBurn',
    'ShopOrdersStalled',
    'ShopRetryStorm',
  ],
  evidence: [
    {
      kind: 'promql',
      query:
        'sum(rate(http_client_request_duration_seconds_count{namespace="shop", app="order", server_address="product", error_type="timeout"}[1m])) > 0',
      shows: {
        en: 'calls of the product service end without an answer, while that service itself is well',
        ko: '상품 서비스는 멀쩡한데 상품 서비스 호출이 응답 없이 타임아웃됩니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "order", "operation": "GET", "minDuration": "1900ms"}',
      shows: {
        en: 'client spans of two seconds without a server span of the product service below them',
        ko: '2초 동안 기다린 클라이언트 스팬 아래에 상품 서비스의 서버 스팬이 없습니다',
      },
    },
  ],
  cure: {
    en: 'Mend the way between the two: the network policy, the firewall, the mesh; the breaker closes by itself.',
    ko: '두 서비스 사이의 경로, 즉 네트워크 정책, 방화벽, 서비스 메시를 고칩니다. 서킷 브레이커는 스스로 닫힙니다.',
  },
  hints: [
    {
      en: 'Nobody can order, but the products can be looked at.',
      ko: '상품은 볼 수 있지만 아무도 주문할 수 없습니다.',
    },
    {
      en: 'The order service waits for the product service. Did that one get the request? Look for its spans.',
      ko: '주문 서비스가 상품 서비스를 기다립니다. 상품 서비스는 요청을 받았습니까? 그쪽 스팬을 찾아 보십시오.',
    },
    {
      en: 'The client spans have no server span: the requests get lost on the way from the order to the product service.',
      ko: '클라이언트 스팬에 대응하는 서버 스팬이 없습니다. 요청이 주문 서비스에서 상품 서비스로 가는 길에 사라집니다.',
    },
  ],
})

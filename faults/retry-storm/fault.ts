import { defineFault } from '../src/fault.ts'

export const retryStorm = defineFault({
  name: 'retry-storm',
  services: ['inventory', 'order'],
  does: {
    en: 'The order service repeats what the inventory does not answer soon, without a pause or a budget, and the inventory manages four reservations a second: once it is late, it works for callers who have gone away.',
    ko: '재고 서비스가 곧바로 응답하지 않으면 주문 서비스가 쉬지 않고 제한 없이 재시도하고, 재고 서비스는 초당 예약 네 건만 처리합니다. 한번 밀리면 이미 떠난 호출자를 위해 일합니다.',
  },
  breaks: 'part',
  ratio: 1,
  fires: [{ alert: 'ShopRetryStorm', labels: { app: 'order', server_address: 'inventory' } }],
  mayFire: [
    // The gateway repeats what the order service could not do in time.
    'ShopRetryStorm',
    'ShopBreakerOpen',
    'ShopErrorBudgetBurn',
    'ShopErrorBudgetNearlySpent',
    'ShopFewRequestsFail',
    'ShopLatencyBudgetBurn',
    'ShopLogBurst',
    'ShopOrderFreshnessBudgetBurn',
    'ShopOrderOutcomeBudgetBurn',
    'ShopOrderPendingTooLong',
    'ShopOrdersStalled',
  ],
  evidence: [
    {
      kind: 'promql',
      query:
        'sum(rate(http_client_retries_total{namespace="shop", app="order", server_address="inventory"}[1m])) / sum(rate(http_client_request_duration_seconds_count{namespace="shop", app="order", server_address="inventory"}[1m])) > 0.3',
      shows: {
        en: 'a large part of the calls of the inventory are repetitions',
        ko: '재고 서비스 호출의 상당 부분이 재시도입니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "inventory", "operation": "PUT /reservations/:orderId", "tags": {"error.type": "abandoned"}}',
      shows: {
        en: 'the inventory works on reservations whose callers have gone away',
        ko: '재고 서비스가 이미 떠난 호출자의 예약을 처리합니다',
      },
    },
  ],
  cure: {
    en: 'Take the repetitions away, or most of the load, until the queue is empty; then give retries a pause, a budget and one place.',
    ko: '대기열이 빌 때까지 재시도나 부하의 대부분을 끊습니다. 그런 다음 재시도에 간격과 예산을 두고 한 곳에서만 합니다.',
  },
  hints: [
    {
      en: 'Orders stay pending, and fewer visitors do not help.',
      ko: '주문이 PENDING에 머물고, 방문자가 줄어도 나아지지 않습니다.',
    },
    {
      en: 'How many times does one order ask the inventory? Count the client spans in one trace.',
      ko: '주문 하나가 재고 서비스를 몇 번 부릅니까? 한 트레이스의 클라이언트 스팬을 세어 보십시오.',
    },
    {
      en: 'The repetitions of the order service are the load: the inventory answers each after its caller has sent the next.',
      ko: '부하의 정체는 주문 서비스의 재시도입니다. 재고 서비스가 응답할 때마다 호출자는 이미 다음 요청을 보낸 뒤입니다.',
    },
  ],
})

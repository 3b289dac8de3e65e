import { defineFault } from '../src/fault.ts'

export const stuckRecovery = defineFault({
  name: 'stuck-recovery',
  services: ['inventory', 'order'],
  does: {
    en: 'For a fifth of the orders the inventory reserves in time and answers too late, and the recovery of the order service finds no order to recover: these orders stay PENDING. When it ends, all of them are recovered.',
    ko: '주문의 5분의 1에 대해 재고 서비스가 제때 예약하고도 너무 늦게 답하며, 주문 서비스의 복구 작업은 복구할 주문을 찾지 못합니다. 이 주문들은 PENDING으로 남습니다. 끝나면 모두 복구됩니다.',
  },
  breaks: 'part',
  ratio: 0.2,
  fires: [{ alert: 'ShopOrderPendingTooLong' }],
  mayFire: [
    'ShopOrderFreshnessBudgetBurn',
    'ShopOrderOutcomeBudgetBurn',
    'ShopLatencyBudgetBurn',
    'ShopErrorBudgetBurn',
    'ShopErrorBudgetNearlySpent',
    'ShopBreakerOpen',
    'ShopRetryStorm',
    'ShopOrdersStalled',
  ],
  evidence: [
    {
      kind: 'promql',
      query: 'max(shop_oldest_pending_order_age_seconds{namespace="shop"}) > 15',
      shows: {
        en: 'how old the oldest order without an outcome is; recovery takes up what is older than five seconds',
        ko: '결과가 없는 가장 오래된 주문의 경과 시간입니다. 복구 작업은 5초가 넘은 주문을 처리합니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "inventory", "operation": "PUT /reservations/:orderId", "tags": {"error.type": "abandoned"}}',
      shows: {
        en: 'reservations whose statements are fast and whose caller gave up before there was an answer',
        ko: 'SQL은 빠른데 답이 나가기 전에 호출한 쪽이 포기한 예약들입니다',
      },
    },
    {
      kind: 'logql',
      query: '{namespace="shop", app="order"} |= "the order stays pending"',
      shows: {
        en: 'orders that are left to the recovery; no line says that one was recovered',
        ko: '복구에 맡겨진 주문들입니다. 복구되었다는 로그는 없습니다',
      },
    },
  ],
  cure: {
    en: 'Roll the order service’s release back: its recovery then settles what is pending by itself. The inventory that answers late is a cause of its own.',
    ko: '주문 서비스의 릴리스를 롤백하면 복구 작업이 대기 중인 주문을 스스로 확정합니다. 늦게 답하는 재고 서비스는 별개의 원인입니다.',
  },
  hints: [
    {
      en: 'Some buyers never learn whether their order stands.',
      ko: '어떤 구매자들은 주문이 성립했는지 끝내 알지 못합니다.',
    },
    {
      en: 'That a call gets no answer in time is provided for. Who is to finish such an order, and does it?',
      ko: '제때 답을 받지 못하는 일에는 대비가 되어 있습니다. 그런 주문은 누가 마무리하며, 정말 그렇게 하고 있습니까?',
    },
    {
      en: 'shop_orders_recovered_total stands still: the statement order-claim-pending returns no rows, though there are orders to claim.',
      ko: 'shop_orders_recovered_total이 늘지 않습니다. 처리할 주문이 있는데도 order-claim-pending이 한 행도 돌려주지 않습니다.',
    },
  ],
})

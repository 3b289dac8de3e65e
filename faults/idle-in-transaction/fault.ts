import { defineFault } from '../src/fault.ts'

export const idleInTransaction = defineFault({
  name: 'idle-in-transaction',
  services: ['inventory'],
  does: {
    en: 'Somebody changes the stock of the first product in a psql session and goes away without COMMIT: orders of that product wait for the lock of its row.',
    ko: '누군가 psql 세션에서 첫 번째 상품의 재고를 바꾸고 COMMIT 없이 자리를 비웁니다. 그 상품의 주문은 행 잠금을 기다립니다.',
  },
  breaks: 'part',
  ratio: 1,
  fires: [{ alert: 'ShopDatabaseIdleInTransaction', labels: { datname: 'inventory' } }],
  mayFire: [
    'ShopDatabaseLockWaits',
    'ShopOrderPendingTooLong',
    'ShopOrderFreshnessBudgetBurn',
    'ShopOrderOutcomeBudgetBurn',
    'ShopErrorBudgetBurn',
    'ShopLatencyBudgetBurn',
    'ShopErrorBudgetNearlySpent',
    'ShopPoolExhausted',
    'ShopBreakerOpen',
    'ShopRetryStorm',
    'ShopOrdersStalled',
    // PostgreSQL's: it writes each statement that was given up, line by line.
    'ShopLogBurst',
  ],
  evidence: [
    {
      kind: 'promql',
      query:
        'max by (application_name) (pg_stat_activity_max_tx_duration{namespace="shop", datname="inventory", state="idle in transaction"}) > 5',
      shows: {
        en: 'whose transaction has been open for seconds without asking for anything',
        ko: '아무 요청 없이 몇 초째 열려 있는 트랜잭션이 누구의 것인지 보입니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "inventory", "operation": "reservation-reserve", "minDuration": "700ms"}',
      shows: {
        en: 'the statement that reserves waits until it is given up; that of another product takes milliseconds',
        ko: '예약하는 SQL이 포기할 때까지 기다립니다. 다른 상품의 예약은 몇 밀리초면 끝납니다',
      },
    },
    {
      kind: 'logql',
      query: '{namespace="shop", app="order"} |= "the order stays pending"',
      shows: { en: 'orders whose reservation has no answer', ko: '예약의 답을 받지 못한 주문들입니다' },
    },
  ],
  cure: {
    en: 'Ask whoever it is to end the transaction, or end the session: pg_terminate_backend of the one that is idle in transaction.',
    ko: '그 사람에게 트랜잭션을 끝내 달라고 하거나, idle in transaction 상태의 세션에 pg_terminate_backend를 실행합니다.',
  },
  hints: [
    {
      en: 'One product cannot be ordered, the others can; everybody can look at all of them.',
      ko: '한 상품만 주문되지 않고 다른 상품은 됩니다. 보는 것은 모두 됩니다.',
    },
    {
      en: 'What do the traces of the orders that stay pending have in common, and on which statement do they wait?',
      ko: '대기 중인 주문의 트레이스에는 무엇이 공통이며, 어느 SQL에서 기다립니까?',
    },
    {
      en: 'A psql session holds the row of the product in a transaction that it does not end.',
      ko: 'psql 세션이 끝내지 않은 트랜잭션으로 그 상품의 행을 쥐고 있습니다.',
    },
  ],
})

import { defineFault } from '../src/fault.ts'

export const poolStarvation = defineFault({
  name: 'pool-starvation',
  services: ['order'],
  does: {
    en: 'A report within the order service takes every connection of the service’s own pool, keeps each with one slow statement after the other, and wants more: no request gets one. PostgreSQL itself is idle. Readiness asks through the same pool and is red.',
    ko: '주문 서비스 안의 보고서 작업이 서비스 자신의 풀에서 모든 연결을 차지한 채 느린 SQL을 잇달아 실행하고 더 많은 연결을 요구합니다. 어떤 요청도 연결을 얻지 못합니다. PostgreSQL 자체는 놀고 있습니다. readiness도 같은 풀을 거치므로 실패합니다.',
  },
  breaks: 'part',
  ratio: 1,
  fires: [{ alert: 'ShopPoolExhausted', labels: { app: 'order' } }],
  mayFire: [
    'ShopErrorBudgetBurn',
    'ShopLatencyBudgetBurn',
    'ShopOrderOutcomeBudgetBurn',
    'ShopOrderFreshnessBudgetBurn',
    'ShopOrderPendingTooLong',
    'ShopFewRequestsFail',
    'ShopErrorBudgetNearlySpent',
    'ShopBreakerOpen',
    'ShopRetryStorm',
    'ShopOrdersStalled',
    'ShopRolloutStuck',
  ],
  evidence: [
    {
      kind: 'promql',
      query: 'max by (pod) (db_client_connection_pending_requests{namespace="shop", app="order"}) >= 4',
      shows: {
        en: 'statements wait for a connection of the pool, in the pods named',
        ko: '표시된 파드에서 SQL이 풀의 연결을 기다립니다',
      },
    },
    {
      kind: 'promql',
      query: 'sum(pg_stat_activity_count{namespace="shop", datname="order", wait_event="PgSleep"}) > 0',
      shows: {
        en: 'the sessions of the service that PostgreSQL sees do nothing but sleep, and wait for no lock',
        ko: 'PostgreSQL이 보는 서비스의 세션들은 잠금을 기다리지 않고 잠만 자고 있습니다',
      },
    },
    {
      kind: 'logql',
      query: '{namespace="shop", app="order"} |= "timeout exceeded when trying to connect"',
      shows: {
        en: 'who waited for a connection in vain',
        ko: '연결을 기다리다 포기한 것들입니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "order", "tags": {"http.response.status_code": "503"}}',
      shows: {
        en: 'requests to the order service that fail after a second without a single statement',
        ko: 'SQL을 하나도 실행하지 못하고 1초 뒤 실패하는 주문 서비스 요청들입니다',
      },
    },
  ],
  cure: {
    en: 'End what keeps the connections: cancel the statements of the report (pg_cancel_backend) and stop it, or roll back the release that brought it; such work gets a pool of its own.',
    ko: '연결을 쥐고 있는 작업을 끝냅니다. 보고서의 SQL을 pg_cancel_backend로 취소하고 작업을 멈추거나, 그것을 들여온 릴리스를 롤백합니다. 그런 작업에는 별도의 풀을 줍니다.',
  },
  hints: [
    {
      en: 'Nothing can be ordered and no order can be seen, while products and stock are as fast as ever.',
      ko: '주문도 주문 조회도 되지 않지만 상품과 재고는 평소처럼 빠릅니다.',
    },
    {
      en: 'The order service waits before it asks the database anything, and the database is idle. What stands between the two?',
      ko: '주문 서비스는 데이터베이스에 무엇을 묻기도 전에 기다리고, 데이터베이스는 놀고 있습니다. 둘 사이에는 무엇이 있습니까?',
    },
    {
      en: 'All connections of the order service’s pool are used, and more statements wait for one than the pool has.',
      ko: '주문 서비스 풀의 연결이 모두 사용 중이고, 더 많은 SQL이 연결을 기다립니다.',
    },
  ],
})

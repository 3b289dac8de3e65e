import { defineFault } from '../src/fault.ts'

export const tableLock = defineFault({
  name: 'table-lock',
  services: ['inventory'],
  does: {
    en: 'A session holds the table of the stock with an ACCESS EXCLUSIVE lock, as a forgotten migration does.',
    ko: '잊힌 마이그레이션처럼 한 세션이 재고 테이블을 ACCESS EXCLUSIVE로 잠그고 놓지 않습니다.',
  },
  breaks: 'everything',
  ratio: 1,
  fires: [{ alert: 'ShopDatabaseLockWaits', labels: { datname: 'inventory' } }],
  mayFire: [
    'ShopBreakerOpen',
    // True of the session that holds the lock, once it has done so for two minutes.
    'ShopDatabaseIdleInTransaction',
    // What is sampled of the database is in that table, too.
    'ShopDatabaseNotSampled',
    'ShopErrorBudgetBurn',
    'ShopLatencyBudgetBurn',
    'ShopLogBurst',
    'ShopOrderFreshnessBudgetBurn',
    'ShopOrderPendingTooLong',
    'ShopPoolExhausted',
    'ShopRetryStorm',
  ],
  evidence: [
    {
      kind: 'promql',
      query: 'pg_locks_count{namespace="shop", datname="inventory", mode="accessexclusivelock"} > 0',
      shows: { en: 'somebody holds an ACCESS EXCLUSIVE lock', ko: '누군가 ACCESS EXCLUSIVE 잠금을 쥐고 있습니다' },
    },
  ],
  cure: {
    en: 'End the session that holds the lock: pg_terminate_backend of the one that blocks the others.',
    ko: '잠금을 쥔 세션을 끝냅니다. 다른 세션을 막는 세션에 pg_terminate_backend를 실행합니다.',
  },
  hints: [
    {
      en: 'The inventory answers nothing that needs its database, and its processor is idle.',
      ko: '재고 서비스는 데이터베이스가 필요한 요청에 답하지 못하는데 CPU는 놀고 있습니다.',
    },
    {
      en: 'Statements wait. For whom? The dashboard PostgreSQL shows the waits by database.',
      ko: 'SQL이 기다리고 있습니다. 누구를 기다립니까? PostgreSQL 대시보드가 데이터베이스별 대기를 보여 줍니다.',
    },
    {
      en: 'One session holds the table stock in a transaction that does nothing more.',
      ko: '한 세션이 아무 일도 하지 않는 트랜잭션으로 stock 테이블을 쥐고 있습니다.',
    },
  ],
})

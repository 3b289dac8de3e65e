import { defineFault } from '../src/fault.ts'

export const leakedConnections = defineFault({
  name: 'leaked-connections',
  services: ['product'],
  does: {
    en: 'The product service opens connections to PostgreSQL beside its pool and gives none back, until nine tenths of max_connections are taken. The last tenth stays free, so that the others and the exporter go on.',
    ko: '상품 서비스가 풀 밖에서 PostgreSQL 연결을 열고 돌려주지 않아 max_connections의 90%가 찹니다. 나머지 10%는 남겨 두므로 다른 서비스와 exporter는 계속 동작합니다.',
  },
  breaks: 'nothing',
  ratio: 1,
  fires: [{ alert: 'ShopDatabaseConnectionsNearMaximum' }],
  mayFire: [],
  evidence: [
    {
      kind: 'promql',
      query:
        'sum(pg_stat_activity_count{namespace="shop", datname="product"}) - sum(db_client_connection_count{namespace="shop", app="product"}) > 15',
      shows: {
        en: 'PostgreSQL has many more sessions in the database of the product service than the pools of its pods know',
        ko: '상품 서비스의 데이터베이스에는 파드들의 풀이 아는 것보다 훨씬 많은 세션이 있습니다',
      },
    },
    {
      kind: 'promql',
      query: 'sum(pg_stat_activity_count{namespace="shop"}) / max(pg_settings_max_connections{namespace="shop"}) > 0.8',
      shows: {
        en: 'more than four fifths of the connections are taken',
        ko: '연결의 80%가 넘게 쓰이고 있습니다',
      },
    },
  ],
  cure: {
    en: 'End the sessions that idle for long (pg_terminate_backend), and roll the release back that leaks them; a restart of its pods helps until it has leaked as many again.',
    ko: '오래 쉬고 있는 세션을 pg_terminate_backend로 끝내고, 연결을 흘리는 릴리스를 롤백합니다. 파드를 다시 시작하면 같은 만큼 다시 샐 때까지만 낫습니다.',
  },
  hints: [
    {
      en: 'Nobody is hurt yet. What is running out?',
      ko: '아직 아무도 피해를 입지 않았습니다. 무엇이 바닥나고 있습니까?',
    },
    {
      en: 'Compare the sessions by database with what the pools say of themselves.',
      ko: '데이터베이스별 세션 수를 풀이 스스로 말하는 수와 견주어 보십시오.',
    },
    {
      en: 'The product service holds idle connections that its pool knows nothing of.',
      ko: '상품 서비스가 자기 풀도 모르는 유휴 연결을 쥐고 있습니다.',
    },
  ],
})

import { defineFault } from '../src/fault.ts'

export const stalePassword = defineFault({
  name: 'stale-password',
  services: ['product'],
  does: {
    en: 'The password of the database was rotated and the product service still has the old one: its connections are ended, and PostgreSQL refuses new ones (28P01). Its readiness is red, as it is whenever it has no database: in a cluster no request reaches its pods until that ends, and none of them is restarted, for they are alive.',
    ko: '데이터베이스 비밀번호가 교체되었는데 상품 서비스는 옛 비밀번호를 가지고 있습니다. 기존 연결은 끊기고 새 연결은 PostgreSQL이 거부합니다(28P01). 데이터베이스가 없을 때와 마찬가지로 readiness가 실패하므로, 클러스터에서는 끝날 때까지 어떤 요청도 이 파드에 닿지 않습니다. liveness는 정상이므로 파드가 다시 시작되지는 않습니다.',
  },
  breaks: 'everything',
  ratio: 1,
  fires: [{ alert: 'ShopErrorBudgetBurn', labels: { severity: 'critical' } }],
  mayFire: [
    'ShopOrderOutcomeBudgetBurn',
    'ShopLatencyBudgetBurn',
    'ShopFewRequestsFail',
    'ShopErrorBudgetNearlySpent',
    'ShopBreakerOpen',
    'ShopRetryStorm',
    'ShopOrdersStalled',
    'ShopRolloutStuck',
    'ShopLogBurst',
  ],
  evidence: [
    {
      kind: 'logql',
      query: '{namespace="shop", app="product"} |= "password authentication failed"',
      shows: { en: 'PostgreSQL refuses the service by its password', ko: 'PostgreSQL이 비밀번호 때문에 거부합니다' },
    },
    {
      kind: 'promql',
      query:
        'sum(rate(http_client_request_duration_seconds_count{namespace="shop", server_address="product", http_response_status_code!~"[1-4].."}[1m])) > 0',
      shows: {
        en: 'calls of the product service that fail: in a cluster, once its pods are not ready, without any answer',
        ko: '실패하는 상품 서비스 호출입니다. 클러스터에서 파드가 준비되지 않은 뒤로는 아예 답이 없습니다',
      },
    },
  ],
  cure: {
    en: 'Give the process the new password: restart it after its secret was renewed, or put the old password back until it was.',
    ko: '프로세스에 새 비밀번호를 줍니다. Secret을 갱신한 뒤 다시 시작하거나, 그때까지 옛 비밀번호를 되돌립니다.',
  },
  hints: [
    {
      en: 'No product can be seen and nothing can be ordered; PostgreSQL is up and the other services use it.',
      ko: '상품이 보이지 않고 주문도 되지 않습니다. PostgreSQL은 살아 있고 다른 서비스들은 잘 쓰고 있습니다.',
    },
    {
      en: 'What does the readiness of the product service miss, and what do its logs say of it?',
      ko: '상품 서비스의 readiness는 무엇이 없다고 하며, 로그는 그에 대해 무엇이라고 합니까?',
    },
    {
      en: 'SQLSTATE 28P01: the password that the process was started with is not the one of the role.',
      ko: 'SQLSTATE 28P01: 프로세스가 시작할 때 받은 비밀번호가 역할(role)의 비밀번호와 다릅니다.',
    },
  ],
})

import { defineFault } from '../src/fault.ts'

export const wrongAddress = defineFault({
  name: 'wrong-address',
  services: ['gateway'],
  does: {
    en: 'The gateway looks for the inventory at a port where nobody listens, as after a change of its configuration; every probe is green.',
    ko: '설정을 잘못 바꾼 것처럼, 게이트웨이가 아무도 수신 대기하지 않는 포트에서 재고 서비스를 찾습니다. 프로브는 모두 정상입니다.',
  },
  breaks: 'part',
  ratio: 1,
  fires: [
    { alert: 'ShopBreakerOpen', labels: { app: 'gateway', server_address: 'inventory' } },
    { alert: 'ShopErrorBudgetBurn', labels: { severity: 'critical', objective: 'inventory-availability' } },
  ],
  mayFire: ['ShopErrorBudgetNearlySpent', 'ShopFewRequestsFail', 'ShopLatencyBudgetBurn', 'ShopRetryStorm'],
  evidence: [
    {
      kind: 'promql',
      query:
        'sum(rate(http_client_request_duration_seconds_count{namespace="shop", app="gateway", server_address="inventory", error_type="not-connected"}[1m])) > 0 and on () max(up{namespace="shop", app="inventory"}) == 1',
      shows: {
        en: 'the gateway cannot connect to the inventory, which Prometheus reaches all the while',
        ko: 'Prometheus는 재고 서비스에 닿는데 게이트웨이는 연결하지 못합니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "gateway", "tags": {"server.port": "1"}}',
      shows: {
        en: 'the client spans of the gateway name the port that it really asks, and end at once',
        ko: '게이트웨이의 클라이언트 스팬에 실제로 요청한 포트가 적혀 있고 곧바로 끝납니다',
      },
    },
  ],
  cure: {
    en: 'Set INVENTORY_SERVICE_URL of the gateway right, or undo the rollout that changed it.',
    ko: '게이트웨이의 INVENTORY_SERVICE_URL을 바로잡거나 그것을 바꾼 배포를 되돌립니다.',
  },
  hints: [
    {
      en: 'The stock cannot be seen, yet orders, which need it as well, succeed.',
      ko: '재고는 볼 수 없는데, 재고가 필요한 주문은 성공합니다.',
    },
    {
      en: 'The inventory is well: who asks it and does not reach it?',
      ko: '재고 서비스는 멀쩡합니다. 누가 재고 서비스를 부르는데 닿지 못합니까?',
    },
    {
      en: 'Compare the address in the client spans of the gateway with the port on which the inventory listens.',
      ko: '게이트웨이의 클라이언트 스팬에 적힌 주소를 재고 서비스가 수신 대기하는 포트와 비교하십시오.',
    },
  ],
})

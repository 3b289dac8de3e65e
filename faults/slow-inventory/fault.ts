import { defineFault } from '../src/fault.ts'

export const slowInventory = defineFault({
  name: 'slow-inventory',
  services: ['inventory'],
  does: {
    en: 'The inventory takes 1.5 seconds longer over each request.',
    ko: '재고 서비스가 모든 요청을 1.5초씩 늦게 처리합니다.',
  },
  breaks: 'part',
  ratio: 1,
  fires: [{ alert: 'ShopLatencyBudgetBurn', labels: { severity: 'critical' } }],
  mayFire: [],
  evidence: [
    {
      kind: 'promql',
      query:
        'histogram_quantile(0.5, sum by (le) (rate(http_server_request_duration_seconds_bucket{namespace="shop", app="inventory"}[1m]))) > 1',
      shows: {
        en: 'half of the requests to the inventory take more than a second',
        ko: '재고 서비스 요청의 절반이 1초를 넘깁니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "inventory", "minDuration": "1s"}',
      shows: {
        en: 'in the traces the inventory takes more than a second, its statements do not',
        ko: '트레이스에서 재고 서비스는 1초 넘게 걸리지만 그 안의 SQL은 그렇지 않습니다',
      },
    },
  ],
  cure: {
    en: 'Turn the flag off; in a real system: undo the rollout that made it slow.',
    ko: '플래그를 끕니다. 실제 시스템이라면 느려지게 만든 배포를 되돌립니다.',
  },
  hints: [
    {
      en: 'People wait when they look at the stock and when they order.',
      ko: '재고를 볼 때와 주문할 때 사람들이 기다립니다.',
    },
    {
      en: 'Which service’s span is as long as the whole trace, without a long child?',
      ko: '긴 자식 스팬이 없는데도 트레이스 전체만큼 긴 스팬은 어느 서비스의 것입니까?',
    },
    {
      en: 'The inventory itself waits before it asks its database.',
      ko: '재고 서비스가 데이터베이스에 묻기 전에 스스로 기다립니다.',
    },
  ],
})

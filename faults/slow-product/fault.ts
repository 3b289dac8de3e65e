import { defineFault } from '../src/fault.ts'

export const slowProduct = defineFault({
  name: 'slow-product',
  services: ['product'],
  does: {
    en: 'The product service takes 1.5 seconds longer over product2; every other product is as fast as before.',
    ko: '상품 서비스가 product2만 1.5초씩 늦게 처리합니다. 다른 상품은 전처럼 빠릅니다.',
  },
  breaks: 'part',
  ratio: 1,
  only: { productId: ['product2'] },
  fires: [{ alert: 'ShopLatencyBudgetBurn', labels: { severity: 'critical', objective: 'products-latency' } }],
  // Who orders it waits for it, too.
  mayFire: ['ShopLatencyBudgetBurn'],
  evidence: [
    {
      kind: 'promql',
      query:
        'histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket{namespace="shop", app="product"}[1m]))) > 1 and histogram_quantile(0.5, sum by (le) (rate(http_server_request_duration_seconds_bucket{namespace="shop", app="product"}[1m]))) < 0.5',
      shows: {
        en: 'the slowest requests of the product service take more than a second, half of them far less',
        ko: '상품 서비스의 가장 느린 요청은 1초를 넘지만 절반은 훨씬 빠릅니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "product", "minDuration": "1s", "tags": {"product.id": "product2"}}',
      shows: {
        en: 'the slow spans are about product2, and their statement is short',
        ko: '느린 스팬은 product2에 관한 것이고 그 안의 SQL은 짧습니다',
      },
    },
  ],
  cure: {
    en: 'Undo the release that made this product dear; what grows with its data gets a bound.',
    ko: '이 상품의 처리를 느리게 만든 배포를 되돌리고, 데이터와 함께 늘어나는 것에는 상한을 둡니다.',
  },
  hints: [
    {
      en: 'On average the shop is fast. Averages and medians hide the few who wait.',
      ko: '평균적으로 상점은 빠릅니다. 평균과 중앙값은 기다리는 소수를 숨깁니다.',
    },
    {
      en: 'An exemplar of the slow bucket leads to a trace. What do several of these have in common?',
      ko: '느린 버킷의 exemplar가 트레이스로 이어집니다. 여러 개를 보면 공통점은 무엇입니까?',
    },
    {
      en: 'The slow spans of the product service have product.id=product2, and wait before their statement.',
      ko: '상품 서비스의 느린 스팬은 product.id=product2이고, SQL을 실행하기 전에 기다립니다.',
    },
  ],
})

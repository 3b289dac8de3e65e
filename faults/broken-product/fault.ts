import { defineFault } from '../src/fault.ts'

export const brokenProduct = defineFault({
  name: 'broken-product',
  services: ['product'],
  does: {
    en: 'Whatever asks the product service for product3 gets 500; every other product is as before.',
    ko: 'product3을 요청하면 상품 서비스가 500으로 응답합니다. 다른 상품은 전과 같습니다.',
  },
  breaks: 'part',
  ratio: 1,
  only: { productId: ['product3'] },
  // Few of all requests, yet many times what the budget allows; ShopFewRequestsFail is for half of a handful.
  fires: [{ alert: 'ShopErrorBudgetBurn', labels: { severity: 'critical', objective: 'products-availability' } }],
  // Orders of the product fail as 503, which the gateway tries again.
  mayFire: ['ShopErrorBudgetBurn', 'ShopLatencyBudgetBurn', 'ShopOrderOutcomeBudgetBurn', 'ShopRetryStorm'],
  evidence: [
    {
      kind: 'promql',
      query:
        'sum by (app, http_route) (rate(http_server_request_duration_seconds_count{namespace="shop", app="product", http_response_status_code="500"}[1m])) > 0',
      shows: {
        en: 'one route of the product service fails, but not for whom',
        ko: '상품 서비스의 한 경로가 실패하지만 어느 상품인지는 알 수 없습니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "product", "tags": {"error": "true", "product.id": "product3"}}',
      shows: { en: 'all failed spans are about product3', ko: '실패한 스팬은 모두 product3에 관한 것입니다' },
    },
    {
      kind: 'logql',
      query: '{namespace="shop", app="product", level="error"} |= "product3"',
      shows: { en: 'every error names product3', ko: '모든 오류 로그에 product3이 있습니다' },
    },
  ],
  cure: {
    en: 'Mend what is stored of the product, or undo the change that cannot read it.',
    ko: '그 상품의 저장된 데이터를 고치거나, 그것을 읽지 못하게 만든 변경을 되돌립니다.',
  },
  hints: [
    {
      en: 'Most people buy without trouble, a few never can.',
      ko: '대부분은 문제없이 사지만, 몇 사람은 한 번도 사지 못합니다.',
    },
    {
      en: 'What do the failed requests have in common? No label of a metric tells; look at attributes of spans.',
      ko: '실패한 요청의 공통점은 무엇입니까? 메트릭 레이블에는 없습니다. 스팬의 속성을 보십시오.',
    },
    {
      en: 'All failed spans of the product service have product.id=product3.',
      ko: '상품 서비스의 실패한 스팬은 모두 product.id=product3입니다.',
    },
  ],
})

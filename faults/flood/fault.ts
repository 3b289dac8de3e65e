import { defineFault } from '../src/fault.ts'

/**
 * The rate limit counts by client address. On a laptop everybody comes from 127.0.0.1, and in a cluster whoever comes by the page
 * has the address of its server unless TRUSTED_PROXIES of the gateway names it: these share the flood's limit and are refused as
 * it is, for the rest of a second. Callers of the gateway from other addresses are not.
 */
export const flood = defineFault({
  name: 'flood',
  services: ['frontend', 'gateway'],
  does: {
    en: 'The page’s own server asks the gateway for the products 200 times a second, as a refresh without a pause does, and the gateway takes 100 requests a second from one address.',
    ko: '쉬지 않고 새로 고치는 것처럼, 페이지의 서버가 게이트웨이에 상품 목록을 초당 200번 요청합니다. 게이트웨이는 주소 하나에서 초당 100개까지 받습니다.',
  },
  breaks: 'part',
  ratio: 1,
  fires: [{ alert: 'ShopRateLimitBites' }],
  mayFire: ['ShopCpuBusy', 'ShopLatencyBudgetBurn'],
  evidence: [
    {
      kind: 'promql',
      query:
        'sum(rate(http_server_request_duration_seconds_count{namespace="shop", app="gateway", http_response_status_code="429"}[1m])) > 0',
      shows: { en: 'the gateway turns requests away', ko: '게이트웨이가 요청을 429로 거부합니다' },
    },
    {
      kind: 'promql',
      query:
        'sum(rate(http_client_request_duration_seconds_count{namespace="shop", app="frontend", server_address="gateway"}[1m])) > 50',
      shows: {
        en: 'they come from the page’s server, more than all visitors together send',
        ko: '요청은 페이지의 서버에서 오며, 방문자 모두가 보내는 것보다 많습니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "gateway", "operation": "GET /api/products", "tags": {"http.response.status_code": "429"}}',
      shows: {
        en: 'the refused requests begin at the gateway: no visitor’s click is their cause',
        ko: '거부된 요청은 게이트웨이에서 시작합니다. 방문자의 클릭이 원인이 아닙니다',
      },
    },
  ],
  cure: {
    en: 'Stop the refresh, by undoing the rollout of the page’s server; name that server in TRUSTED_PROXIES of the gateway, so that its visitors are counted one by one.',
    ko: '페이지 서버의 배포를 되돌려 새로 고침을 멈춥니다. 게이트웨이의 TRUSTED_PROXIES에 그 서버를 넣어 방문자를 각각 세게 합니다.',
  },
  hints: [
    {
      en: 'Far more requests come than before, and hardly one fails with 5xx.',
      ko: '요청이 전보다 훨씬 많은데 5xx로 실패하는 것은 거의 없습니다.',
    },
    {
      en: 'Which route do they ask for, and which client? Compare what the frontend sends with what the gateway gets.',
      ko: '어느 경로를 누가 요청합니까? 프런트엔드가 보내는 양과 게이트웨이가 받는 양을 비교하십시오.',
    },
    {
      en: 'The frontend asks for the product list by itself, again and again, and the limit of one address bites.',
      ko: '프런트엔드가 스스로 상품 목록을 끝없이 요청하고, 주소 하나의 제한에 걸립니다.',
    },
  ],
})

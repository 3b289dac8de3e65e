import { defineFault } from '../src/fault.ts'

export const eventLoopBlock = defineFault({
  name: 'event-loop-block',
  services: ['gateway'],
  does: {
    en: 'The gateway computes for 0.35 seconds at a time, again and again, on the thread that answers everybody.',
    ko: '게이트웨이가 모든 요청에 응답하는 스레드에서 0.35초씩 거듭 계산합니다.',
  },
  breaks: 'part',
  ratio: 1,
  fires: [{ alert: 'ShopEventLoopLag', labels: { app: 'gateway' } }],
  mayFire: ['ShopLatencyBudgetBurn', 'ShopAutoscalerAtMaximum', 'ShopCpuBusy'],
  evidence: [
    {
      kind: 'promql',
      query: 'max by (app) (nodejs_eventloop_lag_p99_seconds{namespace="shop", app="gateway"}) > 0.2',
      shows: {
        en: 'what is due in the gateway waits for more than 0.2 s',
        ko: '게이트웨이에서 실행될 차례인 작업이 0.2초 넘게 기다립니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "gateway", "minDuration": "300ms", "tags": {"span.kind": "server"}}',
      shows: {
        en: 'requests of all routes are long in the gateway, while the spans of the services behind it are short',
        ko: '모든 경로의 요청이 게이트웨이에서 오래 걸리지만 그 뒤 서비스들의 스팬은 짧습니다',
      },
    },
  ],
  cure: {
    en: 'Move the computation into a worker, in parts, or undo the release that brought it.',
    ko: '계산을 워커로 옮기거나 나누어 실행합니다. 또는 그것이 들어온 배포를 되돌립니다.',
  },
  hints: [
    {
      en: 'Everything is a little slow now and then, whatever is asked for.',
      ko: '무엇을 요청하든 가끔 조금씩 느립니다.',
    },
    {
      en: 'The services behind the gateway are fast. What does the gateway do with its one thread?',
      ko: '게이트웨이 뒤의 서비스는 빠릅니다. 게이트웨이는 하나뿐인 스레드로 무엇을 합니까?',
    },
    {
      en: 'Synchronous work holds the event loop of the gateway for some hundred milliseconds at a time.',
      ko: '동기 작업이 게이트웨이의 이벤트 루프를 한 번에 수백 밀리초씩 붙잡습니다.',
    },
  ],
})

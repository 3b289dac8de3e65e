import { defineFault } from '../src/fault.ts'

export const cpuBurn = defineFault({
  name: 'cpu-burn',
  services: ['order'],
  does: {
    en: 'Two worker threads of the order service compute without an end and take a core or two; requests are answered beside them.',
    ko: '주문 서비스의 워커 스레드 두 개가 끝없이 계산하며 코어를 하나에서 둘까지 차지합니다. 요청은 그 옆에서 처리됩니다.',
  },
  breaks: 'nothing',
  ratio: 1,
  fires: [{ alert: 'ShopCpuBusy', labels: { app: 'order' } }],
  mayFire: ['ShopLatencyBudgetBurn'],
  evidence: [
    {
      kind: 'promql',
      query: 'max by (app) (rate(process_cpu_seconds_total{namespace="shop", app="order"}[1m])) > 0.8',
      shows: { en: 'the process uses a whole core', ko: '프로세스가 코어 하나를 모두 씁니다' },
    },
    {
      kind: 'promql',
      query:
        'max by (app) (rate(process_cpu_seconds_total{namespace="shop", app="order"}[1m])) > 0.8 and on (app) max by (app) (nodejs_eventloop_lag_p50_seconds{namespace="shop"}) < 0.1',
      shows: {
        en: 'and yet its event loop turns: it is other threads',
        ko: '그런데도 이벤트 루프는 잘 돕니다. 다른 스레드들이 쓰는 것입니다',
      },
    },
  ],
  cure: {
    en: 'Undo the release that computes without an end, or restart the process and take a profile of it next time.',
    ko: '끝없이 계산하게 만든 배포를 되돌립니다. 또는 프로세스를 재시작하고 다음에는 프로파일을 떠 둡니다.',
  },
  hints: [
    { en: 'Nobody complains, but the machine is warm.', ko: '불평하는 사람은 없지만 컴퓨터가 뜨겁습니다.' },
    {
      en: 'Which process uses a core, and has it more requests than before?',
      ko: '어느 프로세스가 코어를 쓰고 있으며, 요청이 전보다 많습니까?',
    },
    {
      en: 'Two worker threads of the order service compute without an end; the event loop is not held up.',
      ko: '주문 서비스의 워커 스레드 두 개가 끝없이 계산합니다. 이벤트 루프는 막히지 않습니다.',
    },
  ],
})

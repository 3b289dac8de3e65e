import { defineFault } from '../src/fault.ts'

export const memoryLeak = defineFault({
  name: 'memory-leak',
  services: ['order'],
  does: {
    en: 'The order service keeps what it should forget: its heap grows towards 60 % of its limit.',
    ko: '주문 서비스가 버려야 할 것을 계속 쥐고 있어 힙이 한도의 60%를 향해 커집니다.',
  },
  breaks: 'nothing',
  ratio: 1,
  fires: [{ alert: 'ShopHeapGrowth', labels: { app: 'order' } }],
  mayFire: [],
  evidence: [
    {
      kind: 'promql',
      query:
        'max by (app) (min_over_time(nodejs_heap_size_used_bytes{namespace="shop", app="order"}[1m]) / nodejs_heap_size_limit_bytes{namespace="shop", app="order"}) > 0.4',
      shows: {
        en: 'much of the heap is in use, also after collections',
        ko: '가비지 컬렉션 뒤에도 힙의 많은 부분이 쓰이고 있습니다',
      },
    },
    {
      kind: 'promql',
      query:
        'max by (app) (nodejs_heap_space_size_used_bytes{namespace="shop", app="order", space="large_object"} / on (app, pod) nodejs_heap_size_limit_bytes{namespace="shop", app="order"}) > 0.2',
      shows: { en: 'it is kept in few large objects', ko: '큰 객체들이 힙을 차지하고 있습니다' },
    },
  ],
  cure: {
    en: 'Undo the release with which it began, or restart the process, which gives hours to compare two heap snapshots.',
    ko: '누수가 시작된 배포를 되돌립니다. 또는 프로세스를 재시작해 시간을 번 뒤 힙 스냅숏 두 개를 비교합니다.',
  },
  hints: [
    { en: 'Nothing is wrong yet; it will be.', ko: '아직은 문제가 없지만 곧 생깁니다.' },
    {
      en: 'Look at what a collection leaves behind, not at the peaks before it.',
      ko: '가비지 컬렉션 전의 최고점이 아니라 그 뒤에 남는 것을 보십시오.',
    },
    {
      en: 'The heap of the order service grows without more requests: something in it only ever takes.',
      ko: '요청이 늘지 않는데도 주문 서비스의 힙이 커집니다. 무언가가 쌓이기만 하고 비워지지 않습니다.',
    },
  ],
})

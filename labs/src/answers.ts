import type { Text } from '@hello/faults/fault'
import type { LabAnswer } from '@hello/shop/api/lab'

/** Where a cause can be. The same list for every lab, so that it gives none away. */
export const components = {
  frontend: { en: 'the frontend', ko: '프런트엔드' },
  gateway: { en: 'the gateway', ko: '게이트웨이' },
  product: { en: 'the product service', ko: '상품 서비스' },
  inventory: { en: 'the inventory service', ko: '재고 서비스' },
  order: { en: 'the order service', ko: '주문 서비스' },
  postgres: { en: 'PostgreSQL', ko: 'PostgreSQL' },
  client: { en: 'a client of the shop', ko: '상점의 클라이언트' },
  nothing: { en: 'nothing is broken', ko: '고장 난 것이 없음' },
} as const satisfies Record<string, Text>
export type Component = keyof typeof components

/** What a cause can be; as many of these are no lab's as are. */
export const mechanisms = {
  late: { en: 'it answers late, by its own doing', ko: '스스로 늦게 응답한다' },
  errors: { en: 'it answers errors, by its own doing', ko: '스스로 오류로 응답한다' },
  crash: { en: 'its process ends, and is started again', ko: '프로세스가 종료되고 다시 시작된다' },
  unreachable: { en: 'it is there, and its calls reach nobody', ko: '살아 있지만 보낸 호출이 상대에게 닿지 않는다' },
  lock: {
    en: 'a database session holds a lock for which others wait',
    ko: '데이터베이스 세션이 잠금을 쥐고 있어 다른 쪽이 기다린다',
  },
  pool: { en: 'no database connection is free', ko: '쓸 수 있는 데이터베이스 연결이 없다' },
  password: { en: 'the database refuses its password', ko: '데이터베이스가 비밀번호를 거부한다' },
  'event-loop': { en: 'a computation holds up its one thread', ko: '계산이 하나뿐인 스레드를 붙잡는다' },
  cpu: { en: 'another thread of it uses a core without an end', ko: '다른 스레드가 코어 하나를 끝없이 쓴다' },
  memory: { en: 'it keeps in memory what it no longer needs', ko: '필요 없는 것을 메모리에 계속 쥐고 있다' },
  connections: {
    en: 'it takes database connections and gives none back',
    ko: '데이터베이스 연결을 열고 돌려주지 않는다',
  },
  'rate-limit': {
    en: 'too many requests from one address are refused',
    ko: '한 주소에서 온 너무 많은 요청을 거부한다',
  },
  retries: { en: 'repeated calls have become the load', ko: '재시도한 호출이 부하가 되었다' },
  'key-reuse': { en: 'a key of an order is used for another order', ko: '주문의 키를 다른 주문에 다시 쓴다' },
  'lost-context': { en: 'it passes no trace context on', ko: '트레이스 컨텍스트를 전달하지 않는다' },
  clock: { en: 'its clock is wrong', ko: '시계가 틀리다' },
  logs: { en: 'it writes far more lines than there are requests', ko: '요청보다 훨씬 많은 로그를 쓴다' },
  race: {
    en: 'it reads and writes in two steps, between which others do',
    ko: '읽기와 쓰기가 두 단계로 나뉘어 그 사이에 다른 요청이 끼어든다',
  },
  'sold-out': { en: 'there is no stock left', ko: '재고가 없다' },
  none: { en: 'there is nothing to find', ko: '찾을 것이 없다' },
} as const satisfies Record<string, Text>
export type Mechanism = keyof typeof mechanisms

/** What a learner hands in. */
export type Answer = LabAnswer

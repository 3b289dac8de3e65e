import type { Problem } from './api-error.ts'

/** What is wrong and what to do next, in Korean, by the last part of a problem's `type`. */
export const problemDetailsKo: Record<string, (problem: Problem) => string> = {
  'alert-not-found': () => '이 알림은 더 이상 발생하고 있지 않아 사일런스를 만들 수 없습니다.',
  'bad-gateway': () => '서비스가 응답을 마치기 전에 연결이 끊겼습니다. 잠시 후 다시 시도해 주세요.',
  'body-too-large': () => '요청 본문이 너무 큽니다. 내용을 줄여 다시 보내 주세요.',
  'deadline-exceeded': () => '요청의 처리 기한이 지나 아무것도 처리하지 않았습니다. 다시 시도해 주세요.',
  'expectation-failed': () => '서버가 지원하지 않는 Expect 헤더입니다. 100-continue만 사용할 수 있습니다.',
  'fault-not-found': () => '그런 이름의 장애가 없습니다.',
  'file-not-found': () => '요청한 파일이 없습니다.',
  'gateway-timeout': () => '서비스가 제시간에 응답하지 않았습니다. 잠시 후 다시 시도해 주세요.',
  'headers-too-large': () => '요청 경로와 헤더가 너무 큽니다.',
  'idempotency-key-reused': () => '같은 Idempotency-Key로 다른 주문이 이미 접수되었습니다. 새 키를 사용해 주세요.',
  'insufficient-inventory': ({ currentStock, requested }) =>
    currentStock === undefined || requested === undefined
      ? '재고가 부족합니다.'
      : `재고가 ${currentStock}개 남아 있어 ${requested}개를 주문할 수 없습니다.`,
  'insufficient-scope': () => '토큰에 이 작업의 권한이 없습니다.',
  'internal-error': () => '서비스가 이 요청을 처리하지 못했습니다. 로그에서 트레이스 ID로 원인을 찾을 수 있습니다.',
  'invalid-otlp': () => '올바른 OTLP 요청이 아닙니다.',
  'invalid-request': ({ field }) =>
    field === undefined ? '요청 형식이 올바르지 않습니다.' : `"${field}" 값이 올바르지 않습니다.`,
  'lab-conflict': () => '아직 고장 나지 않았거나 이미 끝난 실습입니다. 실습을 다시 확인해 주세요.',
  'method-not-allowed': () => '이 경로에서 사용할 수 없는 메서드입니다.',
  'misdirected-request': () => '이 서버가 담당하지 않는 호스트 이름입니다.',
  'no-lab': () => '진행 중인 실습이 없습니다. 터미널에서 시작해 주세요: make lab N=1',
  'not-json': () => '응답이 JSON이 아닙니다.',
  'order-not-found': () => '해당 주문이 없습니다.',
  'order-of-another': () => '다른 고객의 주문입니다.',
  'other-origin': () => '다른 출처의 페이지에서 보낸 요청입니다. 상점 페이지에서 직접 변경해 주세요.',
  'path-too-long': () => '요청 경로가 너무 깁니다.',
  'precondition-failed': () => '그사이 값이 바뀌었습니다. 다시 읽어 확인한 뒤 시도해 주세요.',
  'product-not-found': () => '해당 상품이 없거나 재고가 등록되지 않았습니다.',
  'range-not-satisfiable': () => '요청한 범위가 파일 크기를 벗어났습니다.',
  'request-timeout': () => '요청이 제시간에 도착하지 않았습니다. 다시 시도해 주세요.',
  'reservation-mismatch': () => '같은 주문이 다른 내용으로 이미 예약되었습니다.',
  'resource-not-found': () => '해당 항목이 없습니다.',
  'route-not-found': () => '요청한 경로가 없습니다.',
  'service-unavailable': () => '서비스나 데이터베이스가 지금 응답하지 않습니다. 잠시 후 다시 시도해 주세요.',
  'session-over': () => '세션이 끝났습니다. 다시 로그인해 주세요.',
  'sign-in-refused': () => '로그인이 시작된 대로 끝나지 않았습니다. 다시 로그인해 주세요.',
  'silence-not-found': () => '해당 사일런스가 없습니다.',
  'silence-refused': () => 'Alertmanager가 사일런스를 받아들이지 않았습니다.',
  'token-missing': () => '이 요청에는 올바른 토큰이 필요합니다.',
  'too-many-requests': () => '요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.',
  'trace-not-found': () => '이 트레이스가 없습니다. 스팬이 아직 도착하지 않았거나 최신 트레이스에 밀려났습니다.',
  'unsupported-media-type': () => '지원하지 않는 형식의 본문입니다. application/json으로 보내 주세요.',
}

/** The Korean words for a problem; undefined for a type that is not known here, whose own `detail` tells more than nothing. */
export function problemDetailKo(problem: Problem): string | undefined {
  const name = /[a-z0-9-]+$/.exec(problem.type ?? '')?.[0] ?? ''
  return Object.hasOwn(problemDetailsKo, name) ? problemDetailsKo[name]!(problem) : undefined
}

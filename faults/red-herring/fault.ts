import { defineFault } from '../src/fault.ts'

export const redHerring = defineFault({
  name: 'red-herring',
  services: ['order'],
  does: {
    en: 'The order service complains loudly about a cache that nothing needs; every request is answered as before.',
    ko: '주문 서비스가 아무도 쓰지 않는 캐시를 두고 요란하게 불평합니다. 모든 요청은 전과 같이 처리됩니다.',
  },
  breaks: 'nothing',
  ratio: 1,
  fires: [],
  mayFire: [],
  evidence: [
    {
      kind: 'logql',
      query: '{namespace="shop", app="order"} |= "the price cache is not reachable"',
      shows: { en: 'the complaints, of which no request fails', ko: '불평하는 로그가 있지만 실패한 요청은 없습니다' },
    },
  ],
  cure: {
    en: 'None is needed; the line should say what it means, or go.',
    ko: '고칠 것은 없습니다. 로그가 뜻을 분명히 말하거나 없어져야 합니다.',
  },
  hints: [
    { en: 'The log is full of errors. Who has been hurt?', ko: '로그에 오류가 가득합니다. 누가 피해를 입었습니까?' },
    {
      en: 'Compare the rate of these lines with the rate of failed requests.',
      ko: '이 로그의 비율을 실패한 요청의 비율과 견주어 보십시오.',
    },
    {
      en: 'Nothing is broken: no request fails, none is slower.',
      ko: '고장 난 것은 없습니다. 실패하거나 느려진 요청이 없습니다.',
    },
  ],
})

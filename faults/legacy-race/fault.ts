import { defineFault } from '../src/fault.ts'

export const legacyRace = defineFault({
  name: 'legacy-race',
  services: ['inventory'],
  does: {
    en: 'The inventory reserves as the original demo did: it reads the stock, then writes what it has reckoned. Of two orders at once the later write undoes the earlier, so more is sold than there is, while every request succeeds. When it ends, it makes the stock fit the reservations again; that there were too many stays so.',
    ko: '재고 서비스가 원본 데모처럼 예약합니다. 재고를 읽고, 계산한 값을 나중에 씁니다. 두 주문이 동시에 오면 나중에 쓴 값이 먼저 쓴 값을 덮어써서, 모든 요청이 성공하는데도 있는 것보다 많이 팔립니다. 끝날 때 재고를 예약에 맞게 바로잡지만, 초과 판매된 주문은 그대로 남습니다.',
  },
  breaks: 'nothing',
  ratio: 1,
  fires: [{ alert: 'ShopStockInvariantViolated' }],
  mayFire: [],
  evidence: [
    {
      kind: 'promql',
      query: 'max(shop_stock_invariant_violations{namespace="shop"}) > 0',
      shows: {
        en: 'of so many products the stock does not fit the reservations',
        ko: '이만큼의 상품에서 재고가 예약과 맞지 않습니다',
      },
    },
    {
      kind: 'trace',
      query: '{"service": "inventory", "operation": "reservation-write-stock"}',
      shows: {
        en: 'a reservation is three statements, and time passes between the one that reads and the one that writes',
        ko: '예약 하나가 SQL 세 개이고, 읽는 SQL과 쓰는 SQL 사이에 시간이 흐릅니다',
      },
    },
  ],
  cure: {
    en: 'Roll the release back that brought it, which ends the damage; then make the rows fit with the SQL of the runbook, and tell the buyers of what was sold twice.',
    ko: '이를 들여온 릴리스를 롤백해 피해를 멈춥니다. 그다음 런북의 SQL로 행을 맞추고, 두 번 팔린 것의 구매자에게 알립니다.',
  },
  hints: [
    {
      en: 'Nothing fails and nothing is slow. Is what the shop says true?',
      ko: '실패하는 것도 느린 것도 없습니다. 상점이 말하는 것은 사실입니까?',
    },
    {
      en: 'Add up the reservations of a product, and compare with what was supplied and what is left.',
      ko: '한 상품의 예약을 더해, 들여온 수량 및 남은 수량과 견주어 보십시오.',
    },
    {
      en: 'Look at two reservations of one product at the same time: what does each read, and what does each write?',
      ko: '같은 상품의 예약 두 개가 동시에 일어날 때 각각 무엇을 읽고 무엇을 쓰는지 보십시오.',
    },
  ],
})

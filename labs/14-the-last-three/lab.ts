import { randomUUID } from 'node:crypto'
import { defineLab } from '../src/lab.ts'
import type { Call, Shelves, Visitor } from '../src/visitors.ts'

const name = 'Lamp, limited edition'

/** The product of which there are three: that of an earlier lab, or a new one. */
async function putOnSale(call: Call, { product, inventory }: Shelves): Promise<string> {
  const products = (await (await call('GET', '/api/products')).json()) as { id: string; name: string }[]
  const made = async () =>
    (await (await call('POST', `${product}/products`, { name, price: 49.9 })).json()) as { id: string }
  const { id } = products.find((one) => one.name === name) ?? (await made())
  await (await call('PUT', `${inventory}/inventory/${id}`, { quantity: 3 })).body?.cancel()
  return id
}

/** Ten people who want the same. */
function rush(shelves: Shelves): Visitor {
  let onSale: string | undefined
  return {
    pause: 1000,
    async visit(call) {
      onSale ??= await putOnSale(call, shelves)
      const buying = Array.from({ length: 10 }, async () => {
        const body = { productId: onSale, quantity: 1 }
        await (await call('POST', '/api/orders', body, { 'idempotency-key': randomUUID() })).body?.cancel()
      })
      await Promise.all(buying)
    },
  }
}

export const theLastThree = defineLab({
  number: 14,
  level: 2,
  name: 'the-last-three',
  incident: {
    visitor: rush,
    hints: [
      {
        en: 'Who is refused, and by whom? Ask for traces with status refused, and compare two of them.',
        ko: '누가 누구에게 거부됩니까? 상태가 거부인 트레이스를 골라 두 개를 견주어 보십시오.',
      },
      {
        en: 'All of them are about one product. How many of it were sold, how many are left, and do the two add up?',
        ko: '모두 한 상품에 관한 것입니다. 몇 개가 팔렸고 몇 개가 남았으며, 둘을 더하면 맞습니까?',
      },
      {
        en: '409 says that there is not enough stock, and there is not: three were there, three were sold, and everybody after them was told so at once.',
        ko: '409는 재고가 부족하다는 뜻이고, 실제로 부족합니다. 세 개가 있었고 세 개가 팔렸으며, 그 뒤의 모든 사람은 곧바로 그렇다는 답을 받았습니다.',
      },
    ],
  },
  cause: { components: ['nothing'], mechanisms: ['sold-out'] },
  evidence: {
    kind: 'trace',
    search: { service: 'order', status: 'refused' },
    shows: ({ spans }) =>
      spans.some(
        ({ service, kind, attributes }) =>
          service === 'order' && kind === 'server' && attributes['http.response.status_code'] === 409,
      ),
  },
})

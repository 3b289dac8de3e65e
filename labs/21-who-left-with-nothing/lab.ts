import { readFile } from 'node:fs/promises'
import type { Text } from '@hello/faults/fault'
import { defineWrittenLab } from '../src/lab.ts'
import { type Loki, NoNumbers, type Stream, withLoki } from '../src/loki.ts'

type Line = Stream['lines'][number]

/** A line of the order service, as it writes them. */
function line(age: number, msg: string, fields: object): Line {
  const text = JSON.stringify({
    level: 'info',
    time: new Date(Date.now() - age * 60_000).toISOString(),
    service: 'order',
    trace_id: crypto.randomUUID().replaceAll('-', ''),
    order_id: crypto.randomUUID(),
    ...fields,
    msg,
  })
  return { age, text }
}

const settled = (age: number, product: number, status: string, name = `Product ${product}`) =>
  line(age, 'order settled', { product_id: `product${product}`, product_name: name, quantity: 1, value: 10.99, status })

const order = (lines: Line[], namespace = 'shop'): Stream => ({
  labels: { namespace, app: 'order', pod: 'order-a', container: 'order' },
  lines,
})

interface Scene {
  name: string
  streams: () => Stream[]
  /** How many orders were refused, by product. */
  expected: Record<string, number>
  lack: Text
}

const scenes: Scene[] = [
  {
    name: 'refused',
    streams: () => [
      order([
        settled(9, 1, 'REJECTED'),
        settled(8, 1, 'CREATED'),
        settled(7, 2, 'REJECTED'),
        settled(6, 3, 'CREATED'),
        settled(2, 1, 'REJECTED'),
        settled(1, 1, 'REJECTED'),
      ]),
    ],
    expected: { product1: 3, product2: 1 },
    lack: {
      en: 'Three orders of product1 were refused, one of product2, none of product3: there have to be two rows, product_id="product1" with 3 and product_id="product2" with 1.',
      ko: 'product1은 세 건, product2는 한 건이 거부되고 product3은 없었습니다. product_id="product1"은 3, product_id="product2"는 1인 두 행이 나와야 합니다.',
    },
  },
  {
    name: 'product-name',
    streams: () => [order([settled(4, 1, 'CREATED', 'Stamp "REJECTED"'), settled(3, 2, 'REJECTED')])],
    expected: { product2: 1 },
    lack: {
      en: 'Somebody has bought a stamp with the word REJECTED on it, and you count it as refused: a word anywhere in a line is not the field status.',
      ko: 'REJECTED라고 새긴 도장이 팔렸는데 거부된 것으로 셉니다. 로그 어딘가에 있는 단어는 status 필드가 아닙니다.',
    },
  },
  {
    name: 'other-lines',
    streams: () => [
      order([
        settled(4, 1, 'REJECTED'),
        line(4, 'order recovered', { status: 'REJECTED', attempts: 2 }),
        { age: 3, text: '(node:17) MaxListenersExceededWarning: Possible EventEmitter memory leak detected.' },
      ]),
    ],
    expected: { product1: 1 },
    lack: {
      en: 'The order service writes other lines as well: order recovered, which has a status and no product, and a warning of Node that is no JSON. Only lines of order settled are to be counted.',
      ko: '주문 서비스에는 다른 로그도 있습니다. order recovered에는 status가 있고 상품이 없으며, Node의 경고는 JSON이 아닙니다. order settled 로그만 세어야 합니다.',
    },
  },
  {
    name: 'older',
    streams: () => [order([settled(14, 3, 'REJECTED'), settled(11, 1, 'REJECTED'), settled(9, 1, 'REJECTED')])],
    expected: { product1: 1 },
    lack: {
      en: 'One order was refused nine minutes ago, others eleven and fourteen: only the last 10 minutes are asked about.',
      ko: '9분 전에 한 건, 11분과 14분 전에 한 건씩 거부되었습니다. 최근 10분만 보아야 합니다.',
    },
  },
  {
    name: 'staging',
    streams: () => [order([settled(4, 1, 'CREATED')]), order([settled(3, 1, 'REJECTED')], 'staging')],
    expected: {},
    lack: {
      en: 'Somebody tries the order service in the namespace staging, and you count that.',
      ko: '누군가 staging 네임스페이스에서 주문 서비스를 시험하는데 그것까지 셉니다.',
    },
  },
]

async function lackIn(query: string, { name, streams, expected, lack }: Scene, loki: Loki): Promise<Text | undefined> {
  await loki.push(name, streams())
  const rows = await loki.numbers(name, query)
  const isRight =
    rows.length === Object.keys(expected).length &&
    rows.every(
      ({ labels: { product_id = '', ...others }, value }) =>
        expected[product_id] === value && Object.keys(others).length === 0,
    )
  return isRight ? undefined : lack
}

export const whoLeftWithNothing = defineWrittenLab({
  number: 21,
  level: 3,
  name: 'who-left-with-nothing',
  file: 'answer.logql',
  needs: 'loki',
  hints: [
    {
      en: 'Lines are no numbers. What counts them, over how long, and what is to be seen apart?',
      ko: '로그는 숫자가 아닙니다. 무엇이, 얼마 동안을 세며, 무엇별로 나누어 보아야 합니까?',
    },
    {
      en: 'From left to right: the streams, the lines with the words "order settled", then json, then a comparison of the field status.',
      ko: '왼쪽에서 오른쪽으로: 스트림, "order settled"가 있는 로그, 그다음 json, 그다음 status 필드 비교입니다.',
    },
    {
      en: 'sum by (product_id) (count_over_time({…} |= "order settled" | json | msg=… | status=… [10m]))',
      ko: 'sum by (product_id) (count_over_time({…} |= "order settled" | json | msg=… | status=… [10m]))',
    },
  ],
  async grade(file, signal) {
    const query = await readFile(file, 'utf8')
    return withLoki(async (loki) => {
      for (const scene of scenes) {
        const lack = await lackIn(query, scene, loki).catch((error) => {
          if (!(error instanceof NoNumbers)) throw error
          return error.lack
        })
        if (lack) return lack
      }
      return undefined
    }, signal)
  },
})

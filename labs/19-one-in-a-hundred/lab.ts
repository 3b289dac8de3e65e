import { readFile } from 'node:fs/promises'
import type { Text } from '@hello/faults/fault'
import { defineWrittenLab } from '../src/lab.ts'
import { evaluate, firstLack, type Row, type Series } from '../src/promtool.ts'

/** One process's counter of one kind of answer; `values` in promtool's notation. */
const counter = (app: string, status: number, values: string, { pod = 'a', namespace = 'shop' } = {}): Series => ({
  [`http_server_request_duration_seconds_count{namespace="${namespace}", app="${app}", pod="${app}-${pod}", http_request_method="GET", http_route="/", http_response_status_code="${status}"}`]:
    values,
})

interface Scene {
  series: Series
  /** The share of each service that has to have a row. */
  expected: Record<string, number>
  /** What is wrong with an expression that answers something else. */
  lack: Text
}

/** Each lasts a quarter of an hour, and is asked about at its end. */
const scenes: Scene[] = [
  {
    series: {
      ...counter('order', 201, '0+96x60'),
      ...counter('order', 503, '0+4x60'),
      ...counter('product', 200, '0+1000x60'),
      ...counter('product', 500, '0+5x60'),
    },
    expected: { order: 0.04 },
    lack: {
      en: 'Of order 4 % fail, of product 0.5 %: there has to be one row, of order, with the value 0.04.',
      ko: 'order는 4%, product는 0.5%가 실패합니다. order의 행 하나만 값 0.04로 나와야 합니다.',
    },
  },
  {
    series: {
      ...counter('gateway', 200, '0+90x60'),
      ...counter('gateway', 404, '0+10x60'),
      ...counter('gateway', 429, '0+10x60'),
    },
    expected: {},
    lack: {
      en: 'A service that answers 4xx to one request in six and 5xx to none must have no row.',
      ko: '요청 여섯 건 가운데 한 건을 4xx로 응답하고 5xx는 없는 서비스는 나오지 않아야 합니다.',
    },
  },
  {
    series: {
      ...counter('order', 201, '0+90x60', { pod: 'a' }),
      ...counter('order', 500, '0+10x60', { pod: 'a' }),
      ...counter('order', 201, '0+100x60', { pod: 'b' }),
      ...counter('order', 500, '0x60', { pod: 'b' }),
    },
    expected: { order: 0.05 },
    lack: {
      en: 'Of two processes of a service one fails 10 %, one nothing: together that is one row with 0.05.',
      ko: '한 서비스의 프로세스 둘 가운데 하나는 10%, 하나는 0%가 실패합니다. 합쳐서 값이 0.05인 행 하나여야 합니다.',
    },
  },
  {
    series: {
      ...counter('order', 201, '0+98x60', { pod: 'a' }),
      ...counter('order', 500, '0+2x60', { pod: 'a' }),
      ...counter('order', 201, '100000+98x49 0+98x10', { pod: 'b' }),
      ...counter('order', 500, '2000+2x49 0+2x10', { pod: 'b' }),
      ...counter('order', 409, '900000+0x60', { pod: 'b' }),
    },
    expected: { order: 0.02 },
    lack: {
      en: 'A process restarted two minutes ago and its counters began at 0; the share is 0.02 all the time, and your number is another.',
      ko: '2분 전에 프로세스 하나가 재시작해 카운터가 0부터 시작했습니다. 비율은 줄곧 0.02인데 다른 값이 나왔습니다.',
    },
  },
  {
    series: { ...counter('order', 201, '5000+0x60'), ...counter('order', 500, '700+0x60') },
    expected: {},
    lack: {
      en: 'There were errors yesterday, and since then nobody has come: there must be no row, neither of 0 nor of NaN.',
      ko: '어제는 오류가 있었지만 그 뒤로 아무도 오지 않았습니다. 0이든 NaN이든 행이 나오지 않아야 합니다.',
    },
  },
  {
    series: { ...counter('order', 201, '0+100x60'), ...counter('order', 500, '0+20x20 400+0x40') },
    expected: {},
    lack: {
      en: 'The errors ended ten minutes ago, and your expression still counts them: only the last 5 minutes are asked about.',
      ko: '오류는 10분 전에 끝났는데 아직도 셉니다. 최근 5분만 보아야 합니다.',
    },
  },
  {
    series: { ...counter('order', 201, '0+100x60'), ...counter('order', 500, '0x44 20+20x3 80+0x12') },
    expected: { order: 0.0385 },
    lack: {
      en: 'A minute of errors three minutes ago is 4 % of the requests of the last 5 minutes; your expression looks at another stretch of time.',
      ko: '3분 전에 1분 동안 난 오류는 최근 5분 요청의 4%입니다. 식이 보는 기간이 다릅니다.',
    },
  },
  {
    series: {
      ...counter('order', 201, '0+100x60'),
      ...counter('order', 500, '0+50x60', { namespace: 'somebody-else' }),
    },
    expected: {},
    lack: {
      en: 'A service of the same name fails in another namespace: that is not the shop.',
      ko: '다른 네임스페이스에 있는 같은 이름의 서비스가 실패합니다. 그것은 상점이 아닙니다.',
    },
  },
]

const near = (value: number, wanted: number) => Math.abs(value - wanted) <= wanted * 0.05

const isExpected = (rows: Row[], expected: Record<string, number>) =>
  rows.length === Object.keys(expected).length &&
  rows.every(({ labels: { app = '', ...others }, value }) => {
    const wanted = expected[app]
    return wanted !== undefined && near(value, wanted) && Object.keys(others).length === 0
  })

export const oneInAHundred = defineWrittenLab({
  number: 19,
  level: 3,
  name: 'one-in-a-hundred',
  file: 'answer.promql',
  needs: 'promtool',
  hints: [
    {
      en: 'A counter says nothing about now. What makes "how many a second" of it?',
      ko: '카운터는 지금에 대해 아무것도 말해 주지 않습니다. 무엇이 "초당 몇 건"으로 바꿉니까?',
    },
    {
      en: 'Failed requests a second divided by all requests a second; both sides need the same labels: sum by (app).',
      ko: '초당 실패한 요청을 초당 전체 요청으로 나눕니다. 양쪽의 레이블이 같아야 합니다: sum by (app).',
    },
    {
      en: 'sum by (app) (rate(…{namespace="shop", http_response_status_code=~"5.."}[5m])) / the same without the status, > 0.01',
      ko: 'sum by (app) (rate(…{namespace="shop", http_response_status_code=~"5.."}[5m]))를 상태 코드 조건이 없는 같은 식으로 나누고 > 0.01',
    },
  ],
  async grade(file, signal) {
    const expr = await readFile(file, 'utf8')
    return firstLack(scenes, async ({ series, expected, lack }) =>
      isExpected(await evaluate({ expr, series, at: 15 }, signal), expected) ? undefined : lack,
    )
  },
})

import type { Text } from '@hello/faults/fault'
import { defineWrittenLab } from '../src/lab.ts'
import { evaluate, firstLack, type Series } from '../src/promtool.ts'

interface Counted {
  status: number
  /** A sample every 15 seconds, in promtool's notation. */
  values: string
  pod?: string
  app?: string
  method?: string
  route?: string
}

function counters(...all: Counted[]): Series {
  return Object.fromEntries(
    all.map(({ status, values, pod = 'a', app = 'gateway', method = 'POST', route = '/api/orders' }) => [
      `http_server_request_duration_seconds_count{namespace="shop", app="${app}", pod="${app}-${pod}", http_request_method="${method}", http_route="${route}", http_response_status_code="${status}"}`,
      values,
    ]),
  )
}

interface Scene {
  series: Series
  /** Minutes after the beginning at which it has to fire, once; `never` in the half hour of the scene. */
  fires: number | 'never'
  /** Minutes after the beginning at which it has to be silent again. */
  silentAgain?: number
  lack: Text
}

const alert = 'ALERTS{alertname="OrdersFail", severity="page", alertstate="firing"}'

/** Ten minutes in which all is well, and then something for twenty minutes. */
const scenes: Scene[] = [
  {
    series: counters({ status: 201, values: '0+100x40 4000+80x80' }, { status: 503, values: '0x40 20+20x80' }),
    fires: 20,
    lack: {
      en: 'Of all orders 20 % have failed for ten minutes, and OrdersFail with severity page does not fire.',
      ko: '10분째 모든 주문의 20%가 실패하는데 severity가 page인 OrdersFail이 울리지 않습니다.',
    },
  },
  {
    series: counters(
      { status: 201, values: '0+100x120' },
      { status: 409, values: '0+60x120' },
      { status: 400, values: '0+30x120' },
    ),
    fires: 'never',
    lack: {
      en: 'It fires when orders are refused with 409 and 400: things are sold out, nothing is broken.',
      ko: '주문이 409와 400으로 거부될 때 울립니다. 매진일 뿐 고장 난 것이 없습니다.',
    },
  },
  {
    series: counters(
      { status: 201, values: '0+100x120' },
      { status: 200, values: '0+500x120', method: 'GET', route: '/api/products' },
      { status: 500, values: '0+500x120', method: 'GET', route: '/api/products' },
      { status: 500, values: '0+50x120', method: 'GET' },
      { status: 500, values: '0+50x120', route: '/api/products' },
    ),
    fires: 'never',
    lack: {
      en: 'It fires when products or the list of orders fail: those are no orders that fail.',
      ko: '상품이나 주문 목록 요청이 실패할 때 울립니다. 주문이 실패한 것이 아닙니다.',
    },
  },
  {
    series: counters(
      { status: 201, values: '0+100x120' },
      { status: 201, values: '0+100x120', app: 'order', route: '/orders' },
      { status: 503, values: '0+100x120', app: 'order', route: '/orders' },
    ),
    fires: 'never',
    lack: {
      en: 'It fires when the order service fails and the gateway, which tries again, does not: no customer notices.',
      ko: '주문 서비스가 실패해도 재시도하는 게이트웨이는 성공할 때 울립니다. 고객은 아무것도 모릅니다.',
    },
  },
  {
    series: counters({ status: 201, values: '0+97x120' }, { status: 500, values: '0+3x120' }),
    fires: 'never',
    lack: {
      en: 'It fires at 3 % of failed orders; the limit is 5 %.',
      ko: '주문의 3%가 실패할 때 울립니다. 한도는 5%입니다.',
    },
  },
  {
    series: counters(
      { status: 201, values: '0+100x40 4000+50x7 4400+100x72' },
      { status: 500, values: '0x40 50+50x7 400x72' },
    ),
    fires: 'never',
    lack: {
      en: 'It fires after a peak of two minutes that is over by itself; mind that a window makes a peak longer, by its own length.',
      ko: '저절로 끝난 2분짜리 급증에도 울립니다. 윈도는 급증을 자기 길이만큼 늘인다는 점에 유의하십시오.',
    },
  },
  {
    series: counters(
      { status: 201, values: '0+100x40 4000+60x40 6400+100x39' },
      { status: 500, values: '0x40 40+40x40 1640x39' },
    ),
    fires: 20,
    silentAgain: 25,
    lack: {
      en: 'Five minutes after the last failed order it still fires.',
      ko: '마지막 주문 실패에서 5분이 지났는데도 울립니다.',
    },
  },
  {
    series: counters(
      { status: 201, values: '0+90x120', pod: 'a' },
      { status: 500, values: '0+10x120', pod: 'a' },
      { status: 201, values: '0+90x120', pod: 'b' },
      { status: 500, values: '0+10x120', pod: 'b' },
    ),
    fires: 20,
    lack: {
      en: 'The gateway has two processes, and of all orders 10 % fail: that is one alert, not none and not two.',
      ko: '게이트웨이의 프로세스는 둘이고 모든 주문의 10%가 실패합니다. 알림은 없거나 둘이 아니라 하나여야 합니다.',
    },
  },
  {
    series: counters(
      { status: 201, values: '0+80x120' },
      { status: 500, values: '0+20x120' },
      { status: 200, values: '0+5000x120', method: 'GET', route: '/api/products' },
    ),
    fires: 20,
    lack: {
      en: 'One order in five fails while very many people look at products, and it is silent: a share of the orders is asked for.',
      ko: '아주 많은 사람이 상품을 보는 동안 주문 다섯 건 가운데 한 건이 실패하는데 울리지 않습니다. 주문 가운데의 비율을 보아야 합니다.',
    },
  },
  {
    series: counters({ status: 201, values: '0+8x120' }, { status: 500, values: '0+2x120' }),
    fires: 20,
    lack: {
      en: 'One order in five fails in a shop with few customers, and it is silent: a number of errors is no share.',
      ko: '손님이 적은 상점에서 주문 다섯 건 가운데 한 건이 실패하는데 울리지 않습니다. 오류 수는 비율이 아닙니다.',
    },
  },
  {
    series: counters({ status: 201, values: '90000+0x120' }, { status: 500, values: '9000+0x120' }),
    fires: 'never',
    lack: {
      en: 'It fires at night, when nobody orders, because of orders that failed days ago.',
      ko: '아무도 주문하지 않는 밤에 며칠 전 실패한 주문 때문에 울립니다.',
    },
  },
]

/** What a scene shows to be wrong with a file of rules. */
async function lackIn(rules: string, { series, fires, silentAgain, lack }: Scene, signal: AbortSignal) {
  const rows = (expr: string, at: number) => evaluate({ expr, series, at, rules }, signal)
  if (fires === 'never')
    return (await rows(`max_over_time(count(${alert})[30m:15s])`, 30)).length > 0 ? lack : undefined
  if ((await rows(`count(${alert})`, fires))[0]?.value !== 1) return lack
  if (silentAgain && (await rows(alert, silentAgain)).length > 0) return lack
  return undefined
}

export const aReasonToWakeYou = defineWrittenLab({
  number: 20,
  level: 3,
  name: 'a-reason-to-wake-you',
  file: 'rule.yaml',
  needs: 'promtool',
  hints: [
    {
      en: 'What do customers feel, and where does the shop see it? One process behind the gateway may fail without anybody noticing.',
      ko: '고객이 겪는 것은 무엇이며, 상점의 어디에서 보입니까? 게이트웨이 뒤의 프로세스 하나는 아무도 모르게 실패할 수 있습니다.',
    },
    {
      en: 'A share, as in lab 19, and of the same requests on both sides. How long it has to last is said by `for`, not by the window.',
      ko: '실습 19처럼 비율이고, 양쪽이 같은 요청이어야 합니다. 얼마나 지속되어야 하는지는 윈도가 아니라 `for`로 정합니다.',
    },
    {
      en: 'sum(rate(…{app="gateway", http_route="/api/orders", http_request_method="POST", http_response_status_code=~"5.."}[2m])) / the same without the status, > 0.05, for: 5m',
      ko: 'sum(rate(…{app="gateway", http_route="/api/orders", http_request_method="POST", http_response_status_code=~"5.."}[2m]))를 상태 코드 조건이 없는 같은 식으로 나누고 > 0.05, for: 5m',
    },
  ],
  grade: (file, signal) => firstLack(scenes, (scene) => lackIn(file, scene, signal)),
})

import { defineFault } from '../src/fault.ts'

export const clockSkew = defineFault({
  name: 'clock-skew',
  services: ['product'],
  does: {
    en: 'The clock by which the product service stamps its log lines is five minutes slow. Deadlines between services, spans and durations go by other clocks and are right.',
    ko: '상품 서비스가 로그에 시각을 찍는 시계가 5분 느립니다. 서비스 간 데드라인, 스팬, 소요 시간은 다른 시계를 쓰므로 정확합니다.',
  },
  breaks: 'nothing',
  ratio: 1,
  fires: [{ alert: 'ShopClockSkewed', labels: { app: 'product' } }],
  mayFire: [],
  evidence: [
    {
      kind: 'promql',
      query:
        'max by (app) (timestamp(process_clock_seconds{namespace="shop", app="product"}) - process_clock_seconds{namespace="shop", app="product"}) > 60',
      shows: {
        en: 'the clock of the product service is minutes behind that of Prometheus',
        ko: '상품 서비스의 시계가 Prometheus의 시계보다 몇 분 늦습니다',
      },
    },
    {
      kind: 'logql',
      query:
        '{namespace="shop", app="product"} | json stamped="time" | label_format behind=`{{ sub (unixEpoch __timestamp__) (unixEpoch (toDateInZone "2006-01-02T15:04:05.000Z" "UTC" .stamped)) }}` | behind > 60',
      shows: {
        en: 'lines that say they were written minutes before they arrived',
        ko: '도착하기 몇 분 전에 쓰였다고 하는 로그',
      },
    },
  ],
  cure: {
    en: 'Set the clock of the node by NTP, or take the node out; lines that were stamped wrongly stay wrong.',
    ko: '노드의 시계를 NTP로 맞추거나 노드를 뺍니다. 이미 잘못 찍힌 시각은 그대로 남습니다.',
  },
  hints: [
    {
      en: 'The lines of one trace tell a story in an impossible order.',
      ko: '한 트레이스의 로그가 있을 수 없는 순서로 이야기합니다.',
    },
    {
      en: 'Compare the time within a line with the time at which Loki got it, service by service.',
      ko: '로그 안의 시각과 Loki가 받은 시각을 서비스별로 견주어 보십시오.',
    },
    {
      en: 'The lines of the product service are five minutes behind all others, and its spans are not.',
      ko: '상품 서비스의 로그만 다른 서비스보다 5분 늦고, 스팬은 그렇지 않습니다.',
    },
  ],
})

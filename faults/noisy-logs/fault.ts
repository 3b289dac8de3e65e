import { defineFault } from '../src/fault.ts'

export const noisyLogs = defineFault({
  name: 'noisy-logs',
  services: ['inventory'],
  does: {
    en: 'A line that was written to find a bug is left in a loop of the inventory: a hundred lines a request.',
    ko: '버그를 찾으려고 넣은 로그가 재고 서비스의 반복문에 남아 요청마다 백 줄씩 찍힙니다.',
  },
  breaks: 'nothing',
  ratio: 1,
  fires: [{ alert: 'ShopLogBurst', labels: { app: 'inventory' } }],
  mayFire: [],
  evidence: [
    {
      kind: 'promql',
      query:
        'sum by (app) (increase(promtail_custom_log_lines_total{namespace="shop", app="inventory"}[1m])) / sum by (app) (increase(http_server_request_duration_seconds_count{namespace="shop", app="inventory"}[1m])) > 10',
      shows: {
        en: 'the inventory writes more than ten lines a request',
        ko: '재고 서비스가 요청마다 열 줄 넘게 로그를 씁니다',
      },
    },
    {
      kind: 'logql',
      query: '{namespace="shop", app="inventory"} |= "compared a row of the stock"',
      shows: { en: 'the line itself', ko: '바로 그 로그입니다' },
    },
  ],
  cure: {
    en: 'Take the line out, or give it the level debug and leave LOG_LEVEL at info.',
    ko: '그 로그를 지우거나 debug 레벨로 바꾸고 LOG_LEVEL은 info로 둡니다.',
  },
  hints: [
    {
      en: 'What you look for in the log is harder to find than yesterday.',
      ko: '로그에서 찾는 것이 어제보다 눈에 잘 띄지 않습니다.',
    },
    {
      en: 'Compare lines and requests of each service; one or two lines a request are usual.',
      ko: '서비스별로 로그 줄 수와 요청 수를 견주어 보십시오. 보통은 요청마다 한두 줄입니다.',
    },
    {
      en: 'The inventory writes "compared a row of the stock" a hundred times a request.',
      ko: '재고 서비스가 요청마다 "compared a row of the stock"을 백 번 씁니다.',
    },
  ],
})

import { gauge, minutes, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const pod = (name: string) => `namespace="shop", app="order", job="order", pod="${name}"`
const up = (name: string, values: string) => ({ [`up{${pod(name)}}`]: values })

const down: Scenario[] = [
  {
    alert: 'ShopTargetDown',
    title: 'fires when one of two pods has not answered for five minutes, and ends when it answers',
    interval,
    series: { ...up('a', '1x60'), ...up('b', gauge([4, 1], [30, 0], [20, 1])) },
    expect: [
      silent(345),
      {
        at: 360,
        fires: [{ app: 'order', job: 'order', pod: 'b' }],
        description: 'b of order does not answer Prometheus.',
      },
      silent(525),
    ],
  },
  {
    alert: 'ShopTargetDown',
    title: 'is silent while the pods of a rollout start and end, three minutes each',
    interval,
    series: {
      ...up('a', `${gauge([20, 1], [2, 0])} stale`),
      ...up('b', `_x20 ${gauge([12, 0], [60, 1])}`),
      ...up('c', `${gauge([32, 1], [2, 0])} stale`),
      ...up('d', `_x32 ${gauge([12, 0], [60, 1])}`),
    },
    expect: [320, 480, 500, 660, 900].map((at) => silent(at, 'below')),
  },
  {
    alert: 'ShopTargetDown',
    title: 'leaves the last pod to the alert that pages',
    interval,
    series: { ...up('a', gauge([4, 1], [60, 0])), ...up('b', gauge([4, 1], [60, 0])) },
    expect: [silent(minutes(12), 'below')],
  },
]

const available = (values: string) => ({
  'kube_deployment_status_replicas_available{namespace="shop", deployment="order"}': values,
})

const missing: Scenario[] = [
  {
    alert: 'ShopTargetMissing',
    title: 'fires when one of three pods has not been scraped for five minutes, and ends when it is',
    interval,
    series: { ...available('3x60'), ...up('a', '1x60'), ...up('b', '0x60'), ...up('c', `1x3 stale _x29 1x20`) },
    expect: [
      silent(345),
      { at: 360, fires: [{ app: 'order' }], description: '1 pods of order are available and not scraped.' },
      silent(540),
    ],
  },
  {
    alert: 'ShopTargetMissing',
    title:
      'is silent during a scale-in and a scale-out, about as many targets as pods, and about a Deployment without a monitor',
    interval,
    series: {
      ...available(gauge([20, 2], [20, 1], [40, 2])),
      'kube_deployment_status_replicas_available{namespace="shop", deployment="postgres-exporter"}': '1x80',
      ...up('a', '1x80'),
      ...up('b', '1x18 stale _x24 1x40'),
    },
    expect: [320, 620, 650, 1100].map((at) => silent(at, 'below')),
  },
]

const samples = (values: string) => ({ [`scrape_samples_post_metric_relabeling{${pod('a')}}`]: values })

const large: Scenario[] = [
  {
    alert: 'ShopScrapeTooLarge',
    title: 'fires when a pod has exposed 6000 series for five minutes, and ends when it does not',
    interval,
    series: samples(gauge([4, 400], [30, 6000], [20, 400])),
    expect: [
      silent(345),
      { at: 360, fires: [{ app: 'order' }], description: 'A pod of order exposes 6000 series.' },
      silent(525),
    ],
  },
  {
    alert: 'ShopScrapeTooLarge',
    title: 'is silent at 4000',
    interval,
    series: samples('4000x80'),
    expect: [silent(minutes(15), 'below')],
  },
]

const duration = (values: string) => ({ [`scrape_duration_seconds{${pod('a')}}`]: values })

const slow: Scenario[] = [
  {
    alert: 'ShopScrapeSlow',
    title: 'fires when a scrape has taken 2.5 s for five minutes, and ends when it does not',
    interval,
    series: duration(gauge([4, 0.02], [30, 2.5], [20, 0.02])),
    expect: [
      silent(345),
      { at: 360, fires: [{ app: 'order' }], description: 'A scrape of a pod of order takes 2.5s.' },
      silent(525),
    ],
  },
  {
    alert: 'ShopScrapeSlow',
    title: 'is silent at 1.5 s',
    interval,
    series: duration('1.5x80'),
    expect: [silent(minutes(15), 'below')],
  },
]

const growth: Scenario[] = [
  {
    alert: 'ShopSeriesGrowth',
    title: 'fires when a pod exposes 1020 series more than an hour ago, and ends when it stays at that',
    interval: '1m',
    series: samples(`${gauge([62, 400])} 420+20x87 ${gauge([60, 2160])}`),
    expect: [
      silent(minutes(125)),
      {
        at: minutes(130),
        fires: [{ app: 'order' }],
        description: 'A pod of order exposes 1200 series more than 1h ago.',
      },
      silent(minutes(165)),
    ],
  },
  {
    alert: 'ShopSeriesGrowth',
    title: 'is silent while a pod that started is used for the first time, and in a rollout',
    interval: '1m',
    series: {
      ...samples(`${gauge([62, 130])} 150+20x40 ${gauge([60, 950])}`),
      [`scrape_samples_post_metric_relabeling{${pod('b')}}`]: `_x100 ${gauge([80, 4000])}`,
    },
    expect: [90, 120, 140].map((at) => silent(minutes(at), 'below')),
  },
]

export const targetScenarios: Scenario[] = [...down, ...missing, ...large, ...slow, ...growth]

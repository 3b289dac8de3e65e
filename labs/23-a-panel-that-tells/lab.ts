import { readFile } from 'node:fs/promises'
import type { Text } from '@hello/faults/fault'
import { defineWrittenLab } from '../src/lab.ts'
import { evaluate, firstLack, type Row, type Series } from '../src/promtool.ts'

/** What is looked at of a panel in Grafana's JSON; of what a learner writes, nothing of it is certain. */
interface Panel {
  type?: unknown
  description?: unknown
  targets?: { expr?: unknown; legendFormat?: unknown }[]
  fieldConfig?: {
    defaults?: {
      unit?: unknown
      thresholds?: { steps?: { value?: unknown }[] }
      custom?: { thresholdsStyle?: { mode?: unknown } }
    }
  }
}

/** One process's histogram: how many requests of a scrape took less than 0.1 s, and how many 1 to 2.5 s. */
function histogram(
  app: string,
  pod: string,
  fast: number,
  slow: number,
  { namespace = 'shop', before = 0 } = {},
): Series {
  const labels = `namespace="${namespace}", app="${app}", pod="${app}-${pod}", http_route="/", http_response_status_code="200"`
  const name = 'http_server_request_duration_seconds'
  const buckets = { 0.1: fast, 0.5: fast, 1: fast, 2.5: fast + slow, '+Inf': fast + slow }
  return {
    // What is from before took longer than a second.
    ...Object.fromEntries(
      Object.entries(buckets).map(([le, count]) => [
        `${name}_bucket{${labels}, le="${le}"}`,
        `${Number(le) < 2 ? 0 : before}+${count}x60`,
      ]),
    ),
    [`${name}_count{${labels}}`]: `${before}+${fast + slow}x60`,
    [`${name}_sum{${labels}}`]: `${before * 2}+${fast * 0.05 + slow * 1.75}x60`,
  }
}

interface Scene {
  series: Series
  /** Seconds that the panel has to show, by service. */
  expected: Record<string, number>
  lack: Text
}

const scenes: Scene[] = [
  {
    series: { ...histogram('product', 'a', 90, 10), ...histogram('order', 'a', 100, 0) },
    expected: { product: 1.75, order: 0.095 },
    lack: {
      en: 'One request in ten of product takes about two seconds, all of order are quick: the 95th percentiles are product 1.75 s and order 0.095 s.',
      ko: 'product의 요청은 열 건 가운데 한 건이 2초쯤 걸리고 order는 모두 빠릅니다. 95번째 백분위수는 product 1.75초, order 0.095초입니다.',
    },
  },
  {
    series: { ...histogram('product', 'a', 100, 0), ...histogram('product', 'b', 80, 20) },
    expected: { product: 1.75 },
    lack: {
      en: 'Of two processes one is slow for one request in five: the service is one curve, and its 95th percentile 1.75 s.',
      ko: '프로세스 둘 가운데 하나는 다섯 건 중 한 건이 느립니다. 서비스는 선 하나이고 95번째 백분위수는 1.75초입니다.',
    },
  },
  {
    series: histogram('product', 'a', 100, 0, { before: 100_000 }),
    expected: { product: 0.095 },
    lack: {
      en: 'Yesterday product was slow, now it is quick: the 95th percentile is 0.095 s.',
      ko: '어제는 product가 느렸고 지금은 빠릅니다. 95번째 백분위수는 0.095초입니다.',
    },
  },
  {
    series: { ...histogram('product', 'a', 100, 0), ...histogram('product', 'a', 0, 100, { namespace: 'staging' }) },
    expected: { product: 0.095 },
    lack: {
      en: 'A service of the same name is slow in the namespace staging: that is not the shop, whose 95th percentile is 0.095 s.',
      ko: 'staging 네임스페이스에 있는 같은 이름의 서비스가 느립니다. 그것은 상점이 아니며, 상점의 95번째 백분위수는 0.095초입니다.',
    },
  },
]

/** The objective that the panel is held against, in seconds. */
const promised = 0.5

function isExpected(rows: Row[], expected: Scene['expected']): boolean {
  const near = ({ labels: { app = '' }, value }: Row) => Math.abs(value - expected[app]!) < expected[app]! * 0.02
  return rows.length === Object.keys(expected).length && rows.every(near)
}

const shown = (rows: Row[]) =>
  rows.map(({ labels: { app = '' }, value }) => `${app} ${Number(value.toFixed(3))}`.trim()).join(', ') || '-'

/** Grafana's variable, as it fills it in for data of every 15 seconds. */
const rateInterval = '$__rate_interval'
const filled = (expr: string) => expr.replaceAll(/\$\{?__rate_interval\}?/g, '1m')

function lackOfQuery(expr: string, signal: AbortSignal): Promise<Text | undefined> {
  return firstLack(scenes, async ({ series, expected, lack }) => {
    const rows = await evaluate({ expr: filled(expr), series, at: 15 }, signal)
    if (isExpected(rows, expected)) return undefined
    return { en: `${lack.en} The panel shows: ${shown(rows)}`, ko: `${lack.ko} 패널에 보이는 것: ${shown(rows)}` }
  })
}

function lackOfDesign(panel: Panel, expr: string): Text | undefined {
  const { unit, thresholds, custom } = panel.fieldConfig?.defaults ?? {}
  if (panel.type !== 'timeseries')
    return {
      en: 'Curves over time are a panel of type timeseries.',
      ko: '시간에 따른 선은 timeseries 유형의 패널입니다.',
    }
  if (filled(expr) === expr)
    return {
      en: `The window is fixed: ${rateInterval} follows the zoom, and is never shorter than rate needs.`,
      ko: `윈도가 고정되어 있습니다. ${rateInterval}은 확대 배율을 따라가고, rate에 필요한 것보다 짧아지지 않습니다.`,
    }
  if (unit !== 's') return { en: 'The unit is not seconds (s).', ko: '단위가 초(s)가 아닙니다.' }
  if (![thresholds?.steps].flat().some((step) => step?.value === promised))
    return { en: `No threshold is at ${promised}.`, ko: `${promised}에 임계값이 없습니다.` }
  if (!/^(line|area|dashed)/.test(String(custom?.thresholdsStyle?.mode)))
    return {
      en: 'The threshold is not drawn: custom.thresholdsStyle.mode says how.',
      ko: '임계값이 그려지지 않습니다. custom.thresholdsStyle.mode로 그리는 방법을 정합니다.',
    }
  if (!/\{\{\s*app\s*\}\}/.test(String(panel.targets?.[0]?.legendFormat)))
    return {
      en: 'The legend does not say which service a curve is: {{app}} stands for the label.',
      ko: '범례에 어느 서비스의 선인지 나오지 않습니다. {{app}}이 레이블의 자리입니다.',
    }
  if (!String(panel.description ?? '').trim())
    return {
      en: 'There is no description: whoever was woken up does not know which question the panel answers.',
      ko: 'description이 없습니다. 자다가 일어난 사람은 이 패널이 어떤 질문에 답하는지 모릅니다.',
    }
  return undefined
}

export const aPanelThatTells = defineWrittenLab({
  number: 23,
  level: 3,
  name: 'a-panel-that-tells',
  file: 'panel.json',
  needs: 'promtool',
  hints: [
    {
      en: 'An average hides the few who wait. Which function reads the buckets of a histogram?',
      ko: '평균은 기다리는 소수를 가립니다. 히스토그램의 버킷을 읽는 함수는 무엇입니까?',
    },
    {
      en: 'Rate first, then the sum over the processes, which keeps app and le, then the quantile.',
      ko: 'rate가 먼저, 그다음 app과 le를 남기며 프로세스를 더하고, 마지막이 백분위수입니다.',
    },
    {
      en: 'histogram_quantile(0.95, sum by (app, le) (rate(…_bucket{namespace="shop"}[$__rate_interval]))), unit s, a threshold at 0.5 that is drawn, {{app}} in the legend, a description',
      ko: 'histogram_quantile(0.95, sum by (app, le) (rate(…_bucket{namespace="shop"}[$__rate_interval]))), 단위 s, 그려지는 임계값 0.5, 범례의 {{app}}, description',
    },
  ],
  async grade(file, signal) {
    let panel: Panel | null
    try {
      panel = JSON.parse(await readFile(file, 'utf8'))
    } catch (error) {
      const { message } = error as Error
      return { en: `The file is no JSON: ${message}`, ko: `파일이 JSON이 아닙니다: ${message}` }
    }
    const targets = panel?.targets
    const expr = Array.isArray(targets) && targets.length === 1 ? targets[0]?.expr : undefined
    if (!panel || typeof expr !== 'string')
      return {
        en: 'The panel needs targets, a list of one, which has an expr.',
        ko: '패널에 targets가 있어야 하고, expr을 가진 항목 하나가 들어 있어야 합니다.',
      }
    return (await lackOfQuery(expr, signal)) ?? lackOfDesign(panel, expr)
  },
})

import type { Link } from './links.ts'
import { chartNames } from './names.ts'

/** Units of Grafana: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
export type Unit = 'reqps' | 'percentunit' | 's' | 'bytes' | 'Bps' | 'short' | 'ops' | 'none' | 'cores'

/** What has to be there, besides a shop that is well and used, before a panel has something to show. */
export const states = {
  kubernetes: 'a cluster, whose state kube-state-metrics, cAdvisor and node-exporter tell',
  exporter: "PostgreSQL's exporter",
  stack: 'Loki, Promtail, Jaeger and Alertmanager are scraped themselves',
  collector: 'an OpenTelemetry Collector, as make up STACK=modern installs it',
  browser: 'such a Collector, and a person who uses the page',
  loadTest: 'a load test that writes its figures to Prometheus',
  alert: 'an alert that fires',
  error: 'a request that failed',
  fault: 'a fault that was injected on purpose',
  healer: 'the healer, which runs where somebody asks for it, after an action',
} as const

export type State = keyof typeof states

type DatasourceType = 'prometheus' | 'loki' | 'jaeger'

export interface Target {
  refId: string
  datasource: { type: DatasourceType; uid: string }
  expr?: string
  [key: string]: unknown
}

/** A panel without its place and id; `dashboard` gives them. */
export interface UnplacedPanel {
  type: string
  title: string
  description: string
  datasource: { type: DatasourceType; uid: string }
  targets: Target[]
  fieldConfig: { defaults: Record<string, unknown>; overrides: unknown[] }
  links: Link[]
  options?: object
  transformations?: object[]
  /** Left out of what Grafana gets. */
  filledBy?: State
}

export interface Panel extends UnplacedPanel {
  id: number
  gridPos: { x: number; y: number; w: number; h: number }
}

export interface Query {
  expr: string
  /** Text of a series, with Grafana's {{label}} placeholders. */
  legend: string
}

/** Colours by value: the first up to the first bound, each next from its own. */
export type Colours = [string, ...[string, number][]]

export interface Shown {
  title: string
  description: string
  unit: Unit
  queries: Query[]
  /** At least one way on: to logs, traces, another dashboard or a runbook. */
  links: Link[]
  colours?: Colours | undefined
  filledBy?: State
}

/** Good below an objective's number, bad from it. */
export const badFrom = (limit: number): Colours => ['green', ['red', limit]]
/** Bad below an objective's number, good from it. */
export const goodFrom = (limit: number): Colours => ['red', ['green', limit]]

export const datasource = (type: DatasourceType) => ({ type, uid: chartNames[type].uid })

const thresholds = ([base, ...steps]: Colours) => ({
  mode: 'absolute',
  steps: [{ color: base, value: null }, ...steps.map(([color, value]) => ({ color, value }))],
})

const refId = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index)

/** A link that names the series that is clicked belongs to the series, any other to the panel. */
const isOfData = ({ url }: Link) => /\$\{__(field|data|value)/.test(url)

export function base(
  type: string,
  kind: DatasourceType,
  shown: Omit<Shown, 'queries'>,
  targets: object[],
): UnplacedPanel {
  const { title, description, unit, links, colours, filledBy } = shown
  return {
    type,
    title,
    description,
    datasource: datasource(kind),
    targets: targets.map((target, index) => ({ refId: refId(index), datasource: datasource(kind), ...target })),
    links: links.filter((link) => !isOfData(link)).map((link) => ({ ...link, targetBlank: true })),
    fieldConfig: {
      defaults: {
        unit: unit === 'cores' ? 'none' : unit,
        thresholds: thresholds(colours ?? ['text']),
        links: links.filter(isOfData).map((link) => ({ ...link, targetBlank: true })),
      },
      overrides: [],
    },
    ...(filledBy && { filledBy }),
  }
}

export function withDefaults(panel: UnplacedPanel, more: Record<string, unknown>, options: object): UnplacedPanel {
  const { defaults, overrides } = panel.fieldConfig
  return { ...panel, fieldConfig: { defaults: { ...defaults, ...more }, overrides }, options }
}

const over = ({ expr, legend }: Query) => ({ expr, legendFormat: legend, editorMode: 'code', range: true })
const now = ({ expr, legend }: Query) => ({
  expr,
  legendFormat: legend,
  editorMode: 'code',
  instant: true,
  range: false,
})

/** Curves over time from Prometheus; with exemplars, points that lead to the traces behind a histogram. */
export function timeSeries(shown: Shown & { exemplars?: boolean; max?: number }): UnplacedPanel {
  const targets = shown.queries.map((query) => ({ ...over(query), ...(shown.exemplars && { exemplar: true }) }))
  const custom = {
    lineWidth: 1,
    fillOpacity: 8,
    showPoints: 'never',
    ...(shown.unit === 'cores' && { axisLabel: 'cores' }),
    ...(shown.colours && { thresholdsStyle: { mode: 'line' } }),
  }
  const more = { min: 0, custom, ...(shown.max !== undefined && { max: shown.max }) }
  return withDefaults(base('timeseries', 'prometheus', shown, targets), more, {
    legend: { displayMode: 'table', placement: 'bottom', calcs: ['mean', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  })
}

/** One number a series from Prometheus, as of now. */
export const stat = (shown: Shown): UnplacedPanel =>
  withDefaults(
    base('stat', 'prometheus', shown, shown.queries.map(now)),
    { decimals: shown.unit === 'none' ? 0 : 2 },
    {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      colorMode: 'value',
      graphMode: 'none',
      justifyMode: 'auto',
      orientation: 'auto',
      textMode: 'value_and_name',
    },
  )

const barOptions = {
  displayMode: 'basic',
  orientation: 'horizontal',
  showUnfilled: true,
  valueMode: 'color',
  reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
}

/** Bars from Prometheus, one a series, as of now. */
export const bars = (shown: Shown): UnplacedPanel =>
  withDefaults(base('bargauge', 'prometheus', shown, shown.queries.map(now)), { min: 0 }, barOptions)

/** Bars from Loki, one a series, over the time shown. */
export const logBars = (shown: Shown): UnplacedPanel =>
  withDefaults(
    base(
      'bargauge',
      'loki',
      shown,
      shown.queries.map(({ expr, legend }) => ({ expr, legendFormat: legend, queryType: 'instant' })),
    ),
    { min: 0 },
    barOptions,
  )

/** What state something was in when: `words` gives each value a word and a colour. */
export function stateTimeline(shown: Shown, words: Record<number, { text: string; color: string }>): UnplacedPanel {
  const options = Object.fromEntries(Object.entries(words).map(([value, word], index) => [value, { ...word, index }]))
  return withDefaults(
    base('state-timeline', 'prometheus', shown, shown.queries.map(over)),
    { mappings: [{ type: 'value', options }], custom: { fillOpacity: 80, lineWidth: 0 } },
    {
      mergeValues: true,
      showValue: 'auto',
      alignValue: 'left',
      rowHeight: 0.8,
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'single' },
    },
  )
}

/** The series as rows, of which the named labels are the columns. */
export function table(shown: Shown, columns: string[]): UnplacedPanel {
  const targets = shown.queries.map((query) => ({ ...now(query), format: 'table' }))
  return {
    ...withDefaults(base('table', 'prometheus', shown, targets), {}, { showHeader: true, cellHeight: 'sm' }),
    transformations: [{ id: 'filterFieldsByName', options: { include: { names: columns } } }],
  }
}

/** Curves over time from Loki. */
export const logRate = (shown: Shown): UnplacedPanel =>
  withDefaults(
    base(
      'timeseries',
      'loki',
      shown,
      shown.queries.map(({ expr, legend }) => ({ expr, legendFormat: legend, queryType: 'range' })),
    ),
    { min: 0, custom: { drawStyle: 'bars', fillOpacity: 60, stacking: { mode: 'normal' } } },
    { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
  )

/** Log lines from Loki, newest first. */
export const logLines = (shown: Omit<Shown, 'queries' | 'unit'> & { expr: string }): UnplacedPanel =>
  withDefaults(
    base('logs', 'loki', { ...shown, unit: 'none' }, [{ expr: shown.expr, queryType: 'range', maxLines: 200 }]),
    {},
    { showTime: true, wrapLogMessage: true, enableLogDetails: true, sortOrder: 'Descending', dedupStrategy: 'none' },
  )

/** The latest traces that a service took part in, from Jaeger, each linked to its waterfall. */
export const recentTraces = (shown: Omit<Shown, 'queries' | 'unit'> & { service: string }): UnplacedPanel =>
  withDefaults(
    base('table', 'jaeger', { ...shown, unit: 'none' }, [{ queryType: 'search', service: shown.service, limit: 20 }]),
    {},
    { showHeader: true },
  )

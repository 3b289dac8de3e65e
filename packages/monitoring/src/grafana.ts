import { datasources } from './shared-names.ts'

/** Units of Grafana: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
export type Unit = 'reqps' | 'percentunit' | 's' | 'bytes' | 'short' | 'logsps' | 'cores'

export interface Target {
  refId: string
  expr?: string
  [key: string]: unknown
}

export interface Panel {
  id: number
  type: string
  title: string
  datasource: { type: string; uid: string }
  targets: Target[]
  gridPos: { x: number; y: number; w: number; h: number }
  [key: string]: unknown
}

/** A panel without its place; `row` gives it one. */
export type UnplacedPanel = Omit<Panel, 'id' | 'gridPos'>

export interface Query {
  expr: string
  /** Text of a series, with Grafana's {{label}} placeholders. */
  legend: string
}

interface Chart {
  title: string
  description: string
  unit: Unit
  queries: Query[]
  /** Show the traces behind single measurements as points. Only for histograms. */
  exemplars?: boolean
  /** A value from which on the chart is red. */
  limit?: number
}

const refId = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index)

const thresholds = (limit: number | undefined) => ({
  mode: 'absolute',
  steps: [{ color: 'green', value: null }, ...(limit === undefined ? [] : [{ color: 'red', value: limit }])],
})

const grafanaUnit = (unit: Unit): string => (unit === 'cores' ? 'short' : unit)

/** Curves over time from Prometheus. */
export const timeSeries = ({ title, description, unit, queries, exemplars, limit }: Chart): UnplacedPanel => ({
  type: 'timeseries',
  title,
  description,
  datasource: datasources.prometheus,
  targets: queries.map(({ expr, legend }, index) => ({
    refId: refId(index),
    datasource: datasources.prometheus,
    expr,
    legendFormat: legend,
    ...(exemplars && { exemplar: true }),
  })),
  fieldConfig: {
    defaults: {
      unit: grafanaUnit(unit),
      min: 0,
      thresholds: thresholds(limit),
      custom: {
        lineWidth: 1,
        fillOpacity: 8,
        showPoints: 'never',
        ...(unit === 'cores' && { axisLabel: 'cores' }),
        ...(limit !== undefined && { thresholdsStyle: { mode: 'line' } }),
      },
    },
    overrides: [],
  },
  options: {
    legend: { displayMode: 'table', placement: 'bottom', calcs: ['mean', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
})

/** One number per service from Prometheus, as of now. */
export const stat = ({ title, description, unit, queries, limit }: Chart): UnplacedPanel => ({
  type: 'stat',
  title,
  description,
  datasource: datasources.prometheus,
  targets: queries.map(({ expr, legend }, index) => ({
    refId: refId(index),
    datasource: datasources.prometheus,
    expr,
    legendFormat: legend,
    instant: true,
  })),
  fieldConfig: { defaults: { unit: grafanaUnit(unit), decimals: 2, thresholds: thresholds(limit) }, overrides: [] },
  options: {
    reduceOptions: { calcs: ['lastNotNull'] },
    colorMode: 'value',
    graphMode: 'none',
    textMode: 'value_and_name',
  },
})

/** Curves over time from Loki. */
export const logRate = (title: string, description: string, expr: string, legend: string): UnplacedPanel => ({
  type: 'timeseries',
  title,
  description,
  datasource: datasources.loki,
  targets: [{ refId: 'A', datasource: datasources.loki, expr, legendFormat: legend, queryType: 'range' }],
  fieldConfig: {
    defaults: { unit: 'short', min: 0, custom: { drawStyle: 'bars', fillOpacity: 60, stacking: { mode: 'normal' } } },
    overrides: [],
  },
  options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
})

/** Log lines from Loki, newest first. */
export const logLines = (title: string, description: string, expr: string): UnplacedPanel => ({
  type: 'logs',
  title,
  description,
  datasource: datasources.loki,
  targets: [{ refId: 'A', datasource: datasources.loki, expr, queryType: 'range', maxLines: 200 }],
  options: {
    showTime: true,
    wrapLogMessage: true,
    enableLogDetails: true,
    sortOrder: 'Descending',
    dedupStrategy: 'none',
  },
})

/** The latest traces that a service took part in, from Jaeger, each linked to its waterfall. */
export const recentTraces = (title: string, description: string, service: string): UnplacedPanel => ({
  type: 'table',
  title,
  description,
  datasource: datasources.jaeger,
  targets: [{ refId: 'A', datasource: datasources.jaeger, queryType: 'search', service, limit: 20 }],
  options: { showHeader: true },
  fieldConfig: { defaults: {}, overrides: [] },
})

export interface Row {
  title: string
  /** Height of its panels in Grafana's grid units of 30 pixels. */
  height: number
  panels: UnplacedPanel[]
}

export interface Dashboard {
  uid: string
  title: string
  panels: (Panel | Record<string, unknown>)[]
  [key: string]: unknown
}

interface DashboardOptions {
  uid: string
  title: string
  description: string
  variables: object[]
  rows: Row[]
}

const gridWidth = 24

/** A choice among the values of a label; "All" is any value. Repeats in queries as a regular expression. */
export const labelVariable = (name: string, label: string, metric: string, source: string) => ({
  name,
  label,
  type: 'query',
  datasource: datasources.prometheus,
  query: { query: `label_values(${metric}, ${source})`, refId: 'variable' },
  definition: `label_values(${metric}, ${source})`,
  refresh: 2,
  includeAll: true,
  multi: true,
  allValue: '.+',
  current: { text: ['All'], value: ['$__all'] },
})

/** A choice of one among the values of a label. */
export const singleLabelVariable = (name: string, label: string, metric: string, source: string, chosen: string) => ({
  ...labelVariable(name, label, metric, source),
  includeAll: false,
  multi: false,
  allValue: null,
  current: { text: chosen, value: chosen },
})

/** A dashboard whose rows fill the width, in Grafana's JSON model: https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/ */
export function dashboard({ uid, title, description, variables, rows }: DashboardOptions): Dashboard {
  let id = 0
  let y = 0
  const panels = rows.flatMap((row) => {
    const heading = {
      id: ++id,
      type: 'row',
      title: row.title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y: y++, w: gridWidth, h: 1 },
    }
    const w = gridWidth / row.panels.length
    const placed = row.panels.map((panel, index) => ({
      ...panel,
      id: ++id,
      gridPos: { x: index * w, y, w, h: row.height },
    }))
    y += row.height
    return [heading, ...placed]
  })
  return {
    uid,
    title,
    description,
    tags: ['shop'],
    schemaVersion: 41,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    timezone: 'browser',
    templating: { list: variables },
    annotations: { list: [] },
    links: [],
    panels,
  }
}

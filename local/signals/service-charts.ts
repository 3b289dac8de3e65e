import type { ServiceChart } from '@hello/signals-api/metric'
import type { MetricStore, Series } from './metric-store.ts'
import { increases, isCovered, type Range, valuesOf } from './range.ts'

interface Source {
  metric: string
  /** The label that tells the series of the metric apart; without one they are added up. */
  by?: string
  /** Shows by how much a counter grew a second. */
  growth?: boolean
  /** What a 1 stands for, by the value of the label `state`. */
  states?: Record<string, number>
}

/** What a service tells of itself beside its requests: its pool, its circuit breakers, and the shop's business. */
const sources: Record<ServiceChart['chart'], { unit: ServiceChart['unit']; metrics: Source[] }> = {
  orders: { unit: 'perSecond', metrics: [{ metric: 'shop_orders_total', by: 'outcome', growth: true }] },
  sales: { unit: 'perSecond', metrics: [{ metric: 'shop_units_sold_total', growth: true }] },
  revenue: { unit: 'dollarsPerSecond', metrics: [{ metric: 'shop_revenue_total', growth: true }] },
  pendingOrders: { unit: 'count', metrics: [{ metric: 'shop_pending_orders' }] },
  pendingAge: { unit: 'seconds', metrics: [{ metric: 'shop_oldest_pending_order_age_seconds' }] },
  stock: { unit: 'count', metrics: [{ metric: 'shop_stock_units' }] },
  stockProblems: {
    unit: 'count',
    metrics: [{ metric: 'shop_products_out_of_stock' }, { metric: 'shop_stock_invariant_violations' }],
  },
  pool: {
    unit: 'count',
    metrics: [
      { metric: 'db_client_connection_count', by: 'state' },
      { metric: 'db_client_connection_pending_requests' },
      { metric: 'db_client_connection_max' },
    ],
  },
  breakers: {
    unit: 'breaker',
    metrics: [
      { metric: 'http_client_breaker_state', by: 'server_address', states: { closed: 0, 'half-open': 1, open: 2 } },
    ],
  },
}

const charts = Object.keys(sources) as ServiceChart['chart'][]

function sumOf(series: Series[], { states }: Source, range: Range): (number | null)[] {
  return series
    .map((one) => {
      const weight = states?.[one.labels.state ?? ''] ?? 1
      return valuesOf(one, range).map((value) => value && value * weight)
    })
    .reduce((sums, values) => sums.map((sum, index) => add(sum, values[index]!)))
}

const add = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : one + other

/** The charts of a service for which it has metrics. */
export function chartsOf(metrics: MetricStore, service: string, range: Range): ServiceChart[] {
  const covered = isCovered(metrics.scrapes(service), range)
  const rates = (series: Series[]) =>
    increases(series, range).map((growth, index) =>
      covered[index] ? (growth * 1000) / (range.window * range.step) : null,
    )
  return charts.flatMap((chart) => {
    const series = sources[chart].metrics.flatMap((source) =>
      [
        ...Map.groupBy(
          metrics.series(service, source.metric),
          ({ labels }) => labels[source.by ?? ''] ?? source.metric,
        ),
      ].map(([key, found]) => ({ key, values: source.growth ? rates(found) : sumOf(found, source, range) })),
    )
    return series.length === 0 ? [] : [{ chart, unit: sources[chart].unit, series }]
  })
}

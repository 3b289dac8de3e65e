import type { Names } from './names.ts'
import type { Objectives } from './objectives.ts'
import { entryService } from './shared-names.ts'

export type Kind = 'availability' | 'latency' | 'outcome' | 'freshness'

/** One thing that is promised: of all that happens, at least a share is good. */
export interface ServiceLevel {
  objective: string
  kind: Kind
  /** How many there were within a window, as one series without labels. */
  total: (window: string) => string
  /** How many of them were bad, the same way, told how the total is asked for: to read a window twice costs twice. */
  bad: (window: string, total: string) => string
}

const duration = 'http_server_request_duration_seconds'
/** A client that gives up gets no answer, which makes the share of the bad ones neither greater nor smaller. */
const answered = 'error_type!="abandoned"'
/** A 5xx, or an answer that the service broke off. A 4xx is the caller's error. */
const failed = 'error_type=~"5..|broken-off|shutdown"'
const neverFailed = 'error_type!~"5..|broken-off|shutdown"'

/** Prometheus 3 writes `le` as 1.0 what a service exposes as 1. */
const bound = (seconds: number) => (Number.isInteger(seconds) ? `le=~"${seconds}([.]0)?"` : `le="${seconds}"`)

const increase = (metric: string, matchers: string[], window: string) =>
  `sum(increase(${metric}{${matchers.join(', ')}}[${window}]))`

/** Zero, not nothing, while there is something of which none is bad. */
const orZero = (bad: string, total: string) => `(${bad} or 0 * ${total})`

/** The series that is 1 while an order is late. */
export const orderLate = 'shop:order_late:bool'

/** Every promise, by which the burn-rate rules are made. */
export function serviceLevels({ namespace }: Names, { latencySeconds }: Objectives): ServiceLevel[] {
  const here = `namespace="${namespace}"`
  const groups = Object.entries(latencySeconds).flatMap(([group, seconds]): ServiceLevel[] => {
    const own = [here, `app="${entryService}"`, `http_route=~"/api/${group}(/.*)?"`]
    const count = (window: string, ...matchers: string[]) =>
      increase(`${duration}_count`, [...own, ...matchers], window)
    const fast = (window: string) => increase(`${duration}_bucket`, [...own, neverFailed, bound(seconds)], window)
    return [
      {
        objective: `${group}-availability`,
        kind: 'availability',
        total: (window) => count(window, answered),
        bad: (window, total) => orZero(count(window, failed), total),
      },
      {
        objective: `${group}-latency`,
        kind: 'latency',
        total: (window) => count(window, neverFailed),
        bad: (window, total) => `clamp_min(${total} - ${fast(window)}, 0)`,
      },
    ]
  })
  const placed = [here, 'app="order"', 'http_route="/orders"', 'http_request_method="POST"']
  const late = [here, 'status=~"CREATED|REJECTED"']
  return [
    ...groups,
    {
      objective: 'orders-outcome',
      kind: 'outcome',
      total: (window) => increase(`${duration}_count`, [...placed, answered], window),
      // What recovery settled had been PENDING for longer than the answer of the call allows.
      bad: (window, total) =>
        `${orZero(increase(`${duration}_count`, [...placed, failed], window), total)} + ${orZero(increase('shop_orders_recovered_total', late, window), total)}`,
    },
    {
      objective: 'orders-freshness',
      kind: 'freshness',
      total: (window) => `sum(count_over_time(${orderLate}{${here}}[${window}]))`,
      bad: (window) => `sum(sum_over_time(${orderLate}{${here}}[${window}]))`,
    },
  ]
}

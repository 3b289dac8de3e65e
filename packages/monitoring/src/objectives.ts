import type { NotificationTimes } from './routing.ts'

/** A window of a burn rate: Google's SRE workbook, chapter 5, table 5-8. The short one is a twelfth, so that the alert ends soon. */
export interface BurnWindow {
  /** How many times faster than allowed the budget is spent; at 1 it lasts exactly `period`. */
  factor: number
  long: string
  short: string
}

/**
 * Every objective, threshold and window of the rules; no number of theirs stands anywhere else. Shares are 0 to 1, times seconds
 * unless they are durations as Prometheus writes them.
 */
export const objectives = {
  /** Over how long an objective holds and its budget is counted. */
  period: '30d',
  recording: {
    /** Of how long a window the events are summed up over the period, and at which steps. */
    budget: { window: '5m', step: '1m' },
    /** From which window on a rule reads much and changes slowly, and how often it is evaluated then. */
    long: { from: '1d', interval: '2m' },
  },
  /** Of how few of the budget left one is told. */
  budgetLeft: 0.1,
  /** The shares that may be bad: 99.9 % of the requests are to succeed, 99 % to be fast. */
  budgets: { availability: 0.001, latency: 0.01, outcome: 0.001, freshness: 0.01 },
  /** What is fast enough, by route group; each is a bound of a bucket of the histogram. */
  latencySeconds: { products: 0.5, inventory: 0.5, orders: 1 },
  /** Older than this, the oldest pending order is late. */
  pendingSeconds: 60,
  burn: {
    page: {
      windows: [
        { factor: 14.4, long: '1h', short: '5m' },
        { factor: 6, long: '6h', short: '30m' },
      ] as BurnWindow[],
      /** As many bad ones there are at least in the long window: one bad request of few is no outage. */
      minimumBad: 5,
      /** Longer than a service takes to be known as down, which explains the burn and silences it. */
      for: '1m',
    },
    ticket: {
      windows: [
        { factor: 3, long: '1d', short: '2h' },
        { factor: 1, long: '3d', short: '6h' },
      ] as BurnWindow[],
      minimumBad: 5,
      for: '15m',
    },
  },
  /** Where so few requests come that the windows above are mostly empty. */
  fewRequests: { window: '1h', recent: '30m', below: 60, minimumBad: 3, share: 0.5, for: '1m' },
  /** For how long one that vanished with its monitor is missed. */
  serviceDown: { for: '30s', missedFor: '1h' },
  orderPending: { for: '1m' },
  databaseNotSampled: { seconds: 90, for: '1m' },
  database: {
    down: { for: '1m' },
    /** Statements that wait, in one pod. */
    pool: { waiting: 4, for: '1m' },
    connections: { share: 0.8, for: '5m' },
  },
  databaseLoad: {
    /** Connections that wait for a lock, of one database: no statement of a request waits for so long, for its caller has given up. */
    lockWaits: { waiting: 3, for: '30s' },
    deadlocks: { count: 3, window: '15m' },
    transaction: { seconds: 300, for: '1m' },
    idleInTransaction: { seconds: 60, for: '1m' },
    /** What the databases may take, so that the write-ahead log has room on the volume that charts/postgres makes. */
    size: { bytes: 1_073_741_824, for: '15m' },
    /** Times `max_wal_size`, above which the server goes for short only. */
    wal: { share: 1.5, for: '15m' },
    /** Share of the checkpoints that had to be made before their time. */
    checkpoints: { share: 0.5, minimum: 4, window: '1h', for: '5m' },
  },
  /** Share of the window for which a breaker is closed at least. */
  breaker: { closed: 0.5, window: '2m', for: '30s' },
  /** Share of the calls that may be repetitions; fewer than the minimum make no storm. */
  retries: { share: 0.1, minimum: 20, window: '5m', for: '2m' },
  eventLoop: { seconds: 0.2, for: '2m' },
  /**
   * How many seconds before the heap is full one is told, by how it grew within the window; only while collections leave at least
   * the share of it in use, for a process that has just started grows as well.
   */
  heap: { window: '1h', ahead: 14_400, share: 0.5, recent: '10m', for: '10m' },
  /** Share of the time that a process collects garbage. */
  garbage: { share: 0.1, window: '5m', for: '5m' },
  /**
   * Share of a core that a process uses, which has one thread for its requests; not all of it, for one that computes without an
   * end gets no more on two cores that the whole stack shares. By a short window and a longer wait, so that neither a start nor
   * a minute's burst fires it, on however many threads.
   */
  processor: { share: 0.8, window: '1m', for: '2m' },
  /** Share of the requests that are too many; fewer than the minimum are one impatient client. */
  rateLimit: { share: 0.05, minimum: 50, window: '5m', for: '2m' },
  /** Share of the spans that may be lost before or while they are sent. */
  spans: { share: 0.05, window: '5m', for: '5m' },
  /**
   * Share of a service's requests without a trace, which is none as long as only the shop calls it; fewer than the minimum are
   * people who try something. A loop of theirs that lasts a minute has left the window before the wait is over.
   */
  traceContext: { share: 0.05, minimum: 30, window: '1m', for: '2m' },
  /** How far a clock may be off: machines that are set by NTP differ by milliseconds. */
  clock: { seconds: 1, for: '2m' },
  kubernetes: {
    restarts: { times: 3, window: '20m' },
    /** For how long one is told of. */
    oomKilled: { window: '15m' },
    /** Share of the periods in which a container was held back. */
    throttled: { share: 0.25, window: '5m', for: '10m' },
    imagePull: { for: '2m' },
    /** For how long no pod of a rollout has come. */
    rollout: { window: '2m', for: '5m' },
    autoscaler: { for: '10m' },
  },
  /** Shares that are free. */
  volumes: {
    /** By the trend of the window nothing is left after so many seconds. */
    fillingUp: { free: 0.3, window: '6h', withinSeconds: 345_600, for: '30m' },
    nearlyFull: { free: 0.05, for: '5m' },
  },
  /** A pod may take minutes to start; it has as long to answer. */
  targets: {
    down: { for: '5m' },
    missing: { for: '5m' },
    /** A service has some hundreds. */
    large: { samples: 5000, for: '5m' },
    slow: { seconds: 2, for: '5m' },
    /** A pod that nobody has used yet grows by some hundreds. */
    growth: { samples: 1000, window: '1h', for: '15m' },
  },
  logs: {
    /** Requests without a line; for as long the lines are missed of which nobody is left to count them. */
    none: { requests: 20, window: '5m', missedFor: '1h', for: '2m' },
    /** A service writes a line or two for a request. */
    burst: { lines: 3000, perRequest: 10, window: '5m', for: '2m' },
  },
  collector: {
    /** Share of the spans that it refuses, of which some may be lost: a service tries again for seconds only. */
    refused: { share: 0.01, window: '5m', for: '5m' },
    /** Anything. */
    lost: { window: '5m', for: '1m' },
    /** Share of the queue, from which on there is as little time left as has passed. */
    queue: { share: 0.5, for: '2m' },
  },
  /** They are taken daily: a day and two hours. */
  backup: { seconds: 93_600 },
  /** Share of the fewest orders in any window of the usual time, at each step of it, which are so many at least. */
  ordersStalled: { share: 0.2, orders: 10, window: '15m', usual: '1h', step: '1m', for: '5m' },
  stockOut: { for: '5m' },
  /** Products that do not add up. */
  invariant: { products: 1, for: '1m' },
}

export type Objectives = typeof objectives

/** When notifications go out; charts/observability has the same as values. */
export const notificationTimes: NotificationTimes = {
  groupWait: '10s',
  groupInterval: '1m',
  repeat: { pages: '4h', tickets: '24h', heartbeat: '5m' },
}

/** The same of what the healer hears: it acts within ten seconds, and hears again of what it had to leave. */
export const healerTimes = { groupWait: '0s', groupInterval: '5s', repeatInterval: '1m' }

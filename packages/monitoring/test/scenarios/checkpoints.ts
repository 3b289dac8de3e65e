import { counter, hours, minutes, type Scenario, silent } from '../scenario.ts'

const server = [{ app: 'postgres' }]
const own = 'namespace="shop", app="postgres"'

/** Checkpoints each five minutes, by stretches of [how many times, requested, timed]. */
function checkpoints(names: { requested: string; timed: string }, ...stretches: [number, number, number][]) {
  const each = (count: number, step: number) =>
    Array.from({ length: count }, (): [number, number][] => [
      [1, step],
      [19, 0],
    ]).flat()
  return {
    [`${names.requested}{${own}}`]: counter(...stretches.flatMap(([count, step]) => each(count, step))),
    [`${names.timed}{${own}}`]: counter(...stretches.flatMap(([count, , step]) => each(count, step))),
  }
}

const now = { requested: 'pg_stat_checkpointer_num_requested_total', timed: 'pg_stat_checkpointer_num_timed_total' }
const before17 = {
  requested: 'pg_stat_bgwriter_checkpoints_req_total',
  timed: 'pg_stat_bgwriter_checkpoints_timed_total',
}
const full = 'ShopDatabaseCheckpointsTooOften'

export const checkpointScenarios: Scenario[] = [
  {
    alert: full,
    title: 'fires when more than half of an hour had them made early, and ends half an hour after none is',
    interval: '15s',
    series: checkpoints(now, [24, 0, 1], [12, 1, 0], [12, 0, 1]),
    expect: [
      silent(hours(2) + minutes(34)),
      { at: hours(2) + minutes(37), fires: server },
      {
        at: hours(2) + minutes(45),
        fires: server,
        description: '81.76% of the checkpoints of postgres were made because the write-ahead log was full.',
      },
      silent(hours(3) + minutes(40)),
    ],
  },
  {
    alert: full,
    title: 'fires of a server before PostgreSQL 17',
    interval: '15s',
    series: checkpoints(before17, [24, 0, 1], [12, 1, 0]),
    expect: [silent(hours(2)), { at: hours(2) + minutes(50), fires: server }],
  },
  {
    alert: full,
    title: 'fires for five in an hour without any other',
    interval: '15s',
    series: checkpoints(now, [12, 0, 0], [5, 1, 0], [7, 0, 0]),
    expect: [silent(hours(1) + minutes(15)), { at: hours(1) + minutes(40), fires: server }],
  },
  {
    alert: full,
    title: 'is silent while a third is made early',
    interval: '15s',
    series: checkpoints(now, ...Array.from({ length: 24 }, (): [number, number, number] => [1, 1, 2])),
    expect: [silent(hours(1), 'below'), silent(hours(2), 'below')],
  },
  {
    alert: full,
    title: 'is silent about three in an hour without any other',
    interval: '15s',
    series: checkpoints(
      now,
      ...Array.from(
        { length: 9 },
        () =>
          [
            [1, 1, 0],
            [3, 0, 0],
          ] as [number, number, number][],
      ).flat(),
    ),
    expect: [silent(hours(1), 'below'), silent(hours(2), 'below')],
  },
]

import { counter, gauge, minutes, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const server = [{ app: 'postgres' }]
const database = [{ app: 'postgres', datname: 'order' }]
const own = 'namespace="shop", app="postgres"'
const ofOrder = `${own}, datname="order"`

const waiting = (values: string) => ({
  [`pg_stat_activity_count{${ofOrder}, wait_event_type="Lock", wait_event="tuple"}`]: values,
  [`pg_stat_activity_count{${ofOrder}, wait_event_type="Lock", wait_event="transactionid"}`]: '1x80',
  [`pg_stat_activity_count{${ofOrder}, wait_event_type="Client", wait_event="ClientRead"}`]: '20x80',
})

const lockWaits: Scenario[] = [
  {
    alert: 'ShopDatabaseLockWaits',
    title: 'fires when three connections have waited for a lock for half a minute, and ends when fewer do',
    interval,
    series: waiting(gauge([4, 0], [10, 2], [20, 0])),
    expect: [
      silent(75),
      { at: 90, fires: database, description: '3 connections of the database order wait for a lock.' },
      silent(240),
    ],
  },
  {
    alert: 'ShopDatabaseLockWaits',
    title: 'is silent while two wait for a lock, and many for their client',
    interval,
    series: waiting('1x80'),
    expect: [silent(300, 'below'), silent(600, 'below')],
  },
]

const deadlocked = (...stretches: [number, number][]) => ({
  [`pg_stat_database_deadlocks{${ofOrder}, datid="5"}`]: counter(...stretches),
})

const deadlocks: Scenario[] = [
  {
    alert: 'ShopDatabaseDeadlocks',
    title: 'fires at the third deadlock in twelve minutes, and ends a quarter of an hour after the first',
    interval,
    series: deadlocked([80, 0], [1, 1], [23, 0], [1, 1], [23, 0], [1, 1], [80, 0]),
    expect: [
      silent(minutes(31)),
      {
        at: minutes(33),
        fires: database,
        description: 'PostgreSQL ended 3 transactions of the database order in 15m because two waited for each other.',
      },
      silent(minutes(37)),
    ],
  },
  {
    alert: 'ShopDatabaseDeadlocks',
    title: 'is silent about two in a quarter of an hour',
    interval,
    series: deadlocked([80, 0], [1, 1], [29, 0], [1, 1], [29, 0], [1, 1], [29, 0], [1, 1], [29, 0]),
    expect: [silent(minutes(29), 'below'), silent(minutes(36), 'below'), silent(minutes(44), 'below')],
  },
]

const transaction = (state: string, values: string) => ({
  [`pg_stat_activity_max_tx_duration{${ofOrder}, state="${state}", backend_type="client backend", application_name="order"}`]:
    values,
})
/** Works for a long time, and nobody minds. */
const backup = {
  [`pg_stat_activity_max_tx_duration{${ofOrder}, state="active", backend_type="client backend", application_name="pg_dump"}`]:
    '4000x80',
  [`pg_stat_activity_max_tx_duration{${ofOrder}, state="active", backend_type="autovacuum worker", application_name=""}`]:
    '4000x80',
}

const transactions = [
  { alert: 'ShopDatabaseLongTransaction', state: 'active', above: 301, text: '5m 1s', what: 'transaction at work' },
  {
    alert: 'ShopDatabaseIdleInTransaction',
    state: 'idle in transaction',
    above: 61,
    text: '1m 1s',
    what: 'idle transaction',
  },
].flatMap(({ alert, state, above, text, what }): Scenario[] => [
  {
    alert,
    title: `fires when one has been ${state} for too long for a minute, and ends with it`,
    interval,
    series: transaction(state, gauge([4, 0], [10, above], [20, 0])),
    expect: [
      silent(105),
      { at: 120, fires: database, description: `The oldest ${what} in the database order began ${text} ago.` },
      silent(240),
    ],
  },
  {
    alert,
    title: 'is silent a second before, about the other kind, and about a backup and an old table that is cleaned',
    interval,
    series: {
      ...transaction(state, gauge([80, above - 2])),
      ...transaction(state === 'active' ? 'idle in transaction (aborted)' : 'active', '4000x80'),
      ...backup,
    },
    expect: [silent(240, 'below'), silent(600, 'below')],
  },
])

const megabytes = 1_048_576
const stored = (values: string) => ({
  [`pg_database_size_bytes{${ofOrder}}`]: values,
  [`pg_database_size_bytes{${own}, datname="product"}`]: `${600 * megabytes}x160`,
})

const size: Scenario[] = [
  {
    alert: 'ShopDatabaseLarge',
    title:
      'fires when all databases together have been larger than 1 GiB for a quarter of an hour, and ends when they are not',
    interval,
    series: stored(gauge([4, 0], [70, 480 * megabytes], [40, 0])),
    expect: [
      silent(60 + minutes(15) - 15),
      { at: 60 + minutes(15), fires: server, description: 'All databases of postgres together take 1.055GiB.' },
      silent(minutes(20)),
    ],
  },
  {
    alert: 'ShopDatabaseLarge',
    title: 'is silent at 1 GiB',
    interval,
    series: stored(gauge([160, 424 * megabytes])),
    expect: [silent(minutes(20), 'below'), silent(minutes(39), 'below')],
  },
]

const log = (values: string) => ({
  [`pg_wal_size_bytes{${own}}`]: values,
  [`pg_settings_max_wal_size_bytes{${own}}`]: '1000x160',
})

const wal: Scenario[] = [
  {
    alert: 'ShopDatabaseWalLarge',
    title: 'fires when it has been half again as large as meant for a quarter of an hour, and ends when it is not',
    interval,
    series: log(gauge([4, 900], [70, 1600], [40, 900])),
    expect: [
      silent(60 + minutes(15) - 15),
      {
        at: 60 + minutes(15),
        fires: server,
        description: 'The write-ahead log of postgres has 160% of the size that it is meant to have.',
      },
      silent(minutes(20)),
    ],
  },
  {
    alert: 'ShopDatabaseWalLarge',
    title: 'is silent while it is a little larger than meant',
    interval,
    series: log('1400x160'),
    expect: [silent(minutes(20), 'below'), silent(minutes(39), 'below')],
  },
]

export const postgresLoadScenarios: Scenario[] = [...lockWaits, ...deadlocks, ...transactions, ...size, ...wal]

import { gauge, minutes, type Scenario, silent } from '../scenario.ts'

const interval = '15s'
const fires = [{ app: 'postgres' }]

const up = (values: string) => ({ 'pg_up{namespace="shop", app="postgres", pod="exporter"}': values })

const down: Scenario[] = [
  {
    alert: 'ShopDatabaseDown',
    title: 'fires when the server has let nobody in for a minute, and ends when it does',
    interval,
    series: up(gauge([4, 1], [10, 0], [20, 1])),
    expect: [
      silent(105),
      { at: 120, fires, description: 'The exporter of postgres has had no connection to the server.' },
      silent(240),
    ],
  },
  {
    alert: 'ShopDatabaseDown',
    title: 'is silent while it is there, and when nobody can tell any more',
    interval,
    series: up(`${gauge([20, 1])} stale`),
    expect: [silent(240, 'below'), silent(600)],
  },
]

const waiting = (values: string) => ({
  'db_client_connection_pending_requests{namespace="shop", app="order", pod="a"}': values,
  'db_client_connection_pending_requests{namespace="shop", app="product", pod="b"}': '0x60',
})

const pool: Scenario[] = [
  {
    alert: 'ShopPoolExhausted',
    title: 'fires when four statements have waited for a minute, and ends when none does',
    interval,
    series: waiting(gauge([4, 0], [10, 4], [20, 0])),
    expect: [
      silent(105),
      {
        at: 120,
        fires: [{ app: 'order' }],
        description: '4 statements of a pod of order wait for a connection.',
      },
      silent(240),
    ],
  },
  {
    alert: 'ShopPoolExhausted',
    title: 'is silent while three wait, and when nobody can tell any more',
    interval,
    series: waiting(`${gauge([20, 3])} 9 stale`),
    expect: [silent(240, 'below'), silent(600)],
  },
]

const connections = (values: string) => ({
  'pg_stat_activity_count{namespace="shop", app="postgres", datname="order", state="idle"}': values,
  'pg_stat_activity_count{namespace="shop", app="postgres", datname="order", state="active"}': '10x80',
  'pg_settings_max_connections{namespace="shop", app="postgres"}': '100x80',
})

const near: Scenario[] = [
  {
    alert: 'ShopDatabaseConnectionsNearMaximum',
    title: 'fires when 81 of 100 connections have been taken for five minutes, and ends when they are given back',
    interval,
    series: connections(gauge([4, 10], [24, 71], [30, 10])),
    expect: [
      silent(60 + minutes(5) - 15),
      { at: 60 + minutes(5), fires, description: '81% of the connections of postgres are taken.' },
      silent(minutes(9)),
    ],
  },
  {
    alert: 'ShopDatabaseConnectionsNearMaximum',
    title: 'is silent while 80 are taken, and when nobody can tell any more',
    interval,
    series: connections(`${gauge([40, 70])} 90 stale`),
    expect: [silent(minutes(9), 'below'), silent(minutes(15))],
  },
]

export const databaseScenarios: Scenario[] = [...down, ...pool, ...near]

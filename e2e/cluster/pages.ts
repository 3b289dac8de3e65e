import assert from 'node:assert/strict'
import { eventually } from '@hello/test-support/eventually'
import { getJson } from '../lib/get-json.ts'
import { prometheus, query } from './shop-cluster.ts'

const pages = 'ALERTS{team="shop", severity="critical", alertstate="firing"}'

/** Scrapes and evaluates as often as observability-values/kube-prometheus-stack.yaml says. */
const intervalSeconds = 15

/** When Prometheus last evaluated the shop's rules, in seconds since 1970. */
const lastEvaluation = async (): Promise<number> =>
  Number((await query('timestamp(ALERTS{alertname="ShopDeadMansSwitch"})'))[0]?.value[1])

/**
 * Holds that what happened since then pages nobody: no alert of that severity began to fire, and none is about to.
 *
 * @param since milliseconds since 1970
 */
export async function assertNobodyPaged(since: number): Promise<void> {
  const seen = Date.now() / 1000 + 3 * intervalSeconds // the last of it is scraped, evaluated, and looked at once more
  await eventually(
    async () => {
      assert.ok((await lastEvaluation()) > seen, 'Prometheus has not evaluated since')
      assert.deepEqual(await query('ALERTS{team="shop", severity="critical", alertstate="pending"}'), [])
    },
    { everyMs: 1000 },
  )
  const range = { start: String(since / 1000), end: String(Date.now() / 1000), step: String(intervalSeconds) }
  const { result } = (await getJson(prometheus, '/api/v1/query_range', { query: pages, ...range })).data
  const began = (result as { metric: Record<string, string>; values: [number, string][] }[]).filter(
    ({ values }) => values[0]![0] > since / 1000 + intervalSeconds,
  )
  assert.deepEqual(
    began.map(({ metric }) => metric),
    [],
    'somebody was paged',
  )
}

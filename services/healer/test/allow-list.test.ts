import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { allowedFor, allowList } from '../src/allow-list.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

interface Rule {
  alert?: string
  expr: string
  labels: Record<string, string>
}
const rules: Rule[] = globSync('charts/observability/generated/rules/*.yaml', { cwd: root })
  .flatMap((path) => parse(readFileSync(root + path, 'utf8')).groups)
  .flatMap(({ rules }) => rules)

const named = allowList.map(({ alert }) => alert)

describe('the allow-list', () => {
  test('names alerts that there are, each once', () => {
    const alerts = new Set(rules.flatMap(({ alert }) => alert ?? []))
    assert.ok(alerts.size > 20)
    assert.deepEqual(
      named.filter((name) => !alerts.has(name)),
      [],
    )
    assert.deepEqual(named, [...new Set(named)])
  })

  test('acts on a workload or a database only where the alert says which', () => {
    const labelled = (alert: string) =>
      rules
        .filter((rule) => rule.alert === alert)
        .every(({ expr, labels }) => labels.app ?? /\bby \(app\b|label_replace\(/.test(expr))
    for (const { alert, actions } of allowList)
      if (actions.some((action) => action.name !== 'flags-off' || action.of === 'app'))
        assert.ok(labelled(alert), alert)
  })

  test('has for an alert that is not in it, and for one without a name, nothing', () => {
    assert.equal(allowedFor('ShopStockInvariantViolated'), undefined)
    assert.equal(allowedFor(undefined), undefined)
    assert.equal(allowedFor(named[0]), allowList[0])
  })

  test('never touches what says that money or stock is wrong, or where data could be lost', () => {
    const forPeople = /Invariant|Volume|Backup|DatabaseDown|DatabaseWal|DatabaseLarge|StockOut|DeadMans/
    assert.deepEqual(
      named.filter((name) => forPeople.test(name)),
      [],
    )
  })
})

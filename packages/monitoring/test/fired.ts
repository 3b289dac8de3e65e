import assert from 'node:assert/strict'
import { ownNames } from '../src/names.ts'
import { alertsOf, ruleFiles } from '../src/rules.ts'

export interface FiredAlert {
  labels: Record<string, string>
  annotations: Record<string, string>
}

/** An alert as Prometheus sends it of a rule: with the labels that the rule gives it and its texts filled. */
export function fired(name: string, own: Record<string, string>, value = '3'): FiredAlert {
  const rule = alertsOf(ruleFiles(ownNames)).find(
    ({ alert, labels }) =>
      alert === name && Object.entries(own).every(([label, wanted]) => (labels[label] ?? wanted) === wanted),
  )
  assert.ok(rule, `no rule ${name}`)
  const labels: Record<string, string> = { alertname: name, ...rule.labels, ...own }
  const filled = (text: string) =>
    text
      .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label) => labels[label] ?? '')
      .replaceAll(/\{\{ \$value.*?\}\}/g, value)
  const annotations = Object.fromEntries(
    Object.entries(rule.annotations).map(([annotation, text]) => [annotation, filled(text)]),
  )
  return { labels, annotations }
}

import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { AlertRule } from '../src/alert.ts'
import { ownNames } from '../src/names.ts'
import { type Objectives, objectives } from '../src/objectives.ts'
import { alertsOf, ruleFiles } from '../src/rules.ts'
import type { Scenario } from './scenario.ts'

/** For node:test: skips with one line where promtool is missing. */
export const needsPromtool = {
  skip: spawnSync('promtool', ['--version']).error ? 'promtool is not on PATH' : false,
}

const folder = mkdtempSync(join(tmpdir(), 'rules-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
let written = 0

/** Writes YAML into a file that is gone when the process ends. */
export function write(content: unknown): string {
  const file = join(folder, `${++written}.yaml`)
  writeFileSync(file, stringify(content, { aliasDuplicateObjects: false, lineWidth: 0 }))
  return file
}

/** The recorded series that an expression reads. */
const recordedIn = (expr: string) => expr.match(/\b(objective|shop):\w+:\w+/g) ?? []

/** Whether a recorded series counts events, from which all others are made. */
const isEvents = (record: string) => record.includes(':increase')

/** The rules that an alert needs: its own of the severity, and what is recorded for them of the scenario's objective. */
export function rulesFor(
  { alert, severity, objective, given }: Pick<Scenario, 'alert' | 'severity' | 'objective' | 'given'>,
  own = objectives,
) {
  const { groups } = Object.values(ruleFiles(ownNames, own)).find((file) =>
    alertsOf({ file }).some((rule) => rule.alert === alert),
  )!
  const all = groups.flatMap(({ rules }) => rules)
  const fits = ({ labels }: { labels: Record<string, string> }) =>
    !objective || !labels.objective || labels.objective === objective
  const read = new Set<string>()
  const follow = (expr: string): void =>
    recordedIn(expr).forEach((name) => {
      if (read.has(name)) return
      read.add(name)
      for (const rule of all) if ('record' in rule && rule.record === name && fits(rule)) follow(rule.expr)
    })
  const asked = (rule: AlertRule) => rule.alert === alert && (!severity || rule.labels.severity === severity)
  for (const rule of all) if ('alert' in rule && asked(rule)) follow(rule.expr)
  const rules = all.filter((rule) =>
    'alert' in rule ? asked(rule) : read.has(rule.record) && fits(rule) && !(given && isEvents(rule.record)),
  )
  // In one group, for promtool evaluates groups in any order.
  return { groups: [{ name: 'rules', rules }] }
}

const alerts = alertsOf(ruleFiles(ownNames))

function ruleOf({ alert, severity }: Scenario, labels: Record<string, string>): AlertRule {
  const fits = (rule: AlertRule) =>
    rule.alert === alert &&
    (!severity || rule.labels.severity === severity) &&
    Object.entries(labels).every(([name, value]) => (rule.labels[name] ?? value) === value)
  return alerts.find(fits)!
}

function annotationsOf(rule: AlertRule, labels: Record<string, string>, description: string | undefined) {
  const filled = Object.entries(rule.annotations).map(([name, text]) => [
    name,
    text.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, label) => labels[label] ?? ''),
  ])
  return { ...Object.fromEntries(filled), description }
}

/** The name of the rule with its annotations, beside the same without them: promtool wants all of an alert's or none. */
const annotated = (alert: string) => `${alert} with annotations`

function testOf(scenario: Scenario, own: Objectives, withAnnotations: boolean) {
  const { alert, title, interval, series, expect } = scenario
  const asked = rulesFor(scenario, own).groups[0]!.rules
  const annotatedToo = withAnnotations ? asked.filter((rule) => 'alert' in rule) : []
  const rules = [
    ...asked.map((rule) => ('alert' in rule ? { ...rule, annotations: {} } : rule)),
    ...annotatedToo.map((rule) => ({ ...rule, alert: annotated(rule.alert) })),
  ]
  return {
    rule_files: [write({ groups: [{ name: 'rules', rules }] })],
    evaluation_interval: interval,
    tests: [
      {
        name: `${alert} ${title}`,
        interval,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: expect.flatMap(({ at, fires, description }) => {
          const expected = fires.map((labels) => {
            const rule = ruleOf(scenario, labels)
            const all = { ...rule.labels, ...labels }
            return { exp_labels: all, exp_annotations: annotationsOf(rule, all, description) }
          })
          const eval_time = `${at}s`
          return [
            { eval_time, alertname: alert, exp_alerts: expected.map(({ exp_labels }) => ({ exp_labels })) },
            ...(withAnnotations && description
              ? [{ eval_time, alertname: annotated(alert), exp_alerts: expected }]
              : []),
          ]
        }),
      },
    ],
  }
}

/**
 * Runs scenarios through promtool.
 *
 * @param withAnnotations whether the annotations are compared, too, where a description is expected
 * @returns what promtool says where one fails
 */
export function promtool(
  scenarios: Scenario[],
  own: Objectives,
  withAnnotations: boolean,
): Promise<string | undefined> {
  const files = scenarios.map((scenario) => write(testOf(scenario, own, withAnnotations)))
  return new Promise((resolve) => {
    execFile('promtool', ['test', 'rules', ...files], (error, stdout, stderr) =>
      resolve(error ? stdout + stderr : undefined),
    )
  })
}

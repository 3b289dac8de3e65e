import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { AlertRule } from '../src/alert.ts'
import { ownNames } from '../src/names.ts'
import { objectives } from '../src/objectives.ts'
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
  annotated = false,
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
  const rules = all
    .filter((rule) =>
      'alert' in rule ? asked(rule) : read.has(rule.record) && fits(rule) && !(given && isEvents(rule.record)),
    )
    .map((rule) => ('alert' in rule && !annotated ? { ...rule, annotations: {} } : rule))
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

function testOf(scenario: Scenario, own = objectives, annotated = false) {
  const { alert, title, interval, series, expect } = scenario
  return {
    rule_files: [write(rulesFor(scenario, own, annotated))],
    evaluation_interval: interval,
    tests: [
      {
        name: `${alert} ${title}`,
        interval,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: expect
          .filter(({ description }) => !annotated || description)
          .map(({ at, fires, description }) => ({
            eval_time: `${at}s`,
            alertname: alert,
            exp_alerts: fires.map((labels) => {
              const rule = ruleOf(scenario, labels)
              const all = { ...rule.labels, ...labels }
              return { exp_labels: all, ...(annotated && { exp_annotations: annotationsOf(rule, all, description) }) }
            }),
          })),
      },
    ],
  }
}

/**
 * Runs scenarios through promtool.
 *
 * @param annotated whether the annotations are compared, where a description is expected; else they are left out
 * @returns what promtool says where one fails
 */
export function promtool(scenarios: Scenario[], own = objectives, annotated = false): Promise<string | undefined> {
  const asked = scenarios.filter(({ expect }) => !annotated || expect.some(({ description }) => description))
  if (asked.length === 0) return Promise.resolve(undefined)
  const files = asked.map((scenario) => write(testOf(scenario, own, annotated)))
  return new Promise((resolve) => {
    execFile('promtool', ['test', 'rules', ...files], (error, stdout, stderr) =>
      resolve(error ? stdout + stderr : undefined),
    )
  })
}

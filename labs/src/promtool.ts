import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Text } from '@hello/faults/fault'
import { findProgram } from '@hello/local/stack/find-programs'
import { stringify } from 'yaml'

/** Series over which Prometheus evaluates, in promtool's notation, a sample every 15 seconds from 0 on. */
export type Series = Record<string, string>

/** One row of an answer. */
export interface Row {
  labels: Record<string, string>
  value: number
}

/** What Prometheus says of an expression or a rule that it cannot evaluate. */
class NotEvaluated extends Error {}

/**
 * @param lackOf what a scene shows to be wrong, if anything
 * @returns the first of it, or why Prometheus does not evaluate what was written
 */
export async function firstLack<Scene>(
  scenes: readonly Scene[],
  lackOf: (scene: Scene) => Promise<Text | undefined>,
): Promise<Text | undefined> {
  try {
    for (const scene of scenes) {
      const lack = await lackOf(scene)
      if (lack) return lack
    }
    return undefined
  } catch (error) {
    if (!(error instanceof NotEvaluated)) throw error
    return { en: `Prometheus says: ${error.message}`, ko: `Prometheus의 메시지: ${error.message}` }
  }
}

/** Longer than any expression takes that ends, in milliseconds. */
const longest = 20_000

/** As Prometheus prints it: {name="value", ...} number. */
const printedRow = /\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\} ([^\s,]+)/g
const printedLabel = /([\w.]+)=("(?:[^"\\]|\\.)*")/g

function rowsOf(printed: string): Row[] {
  return [...printed.matchAll(printedRow)].map(([, labels = '', value = '']) => ({
    labels: Object.fromEntries([...labels.matchAll(printedLabel)].map(([, name, text]) => [name, JSON.parse(text!)])),
    value: Number(value.replace('Inf', 'Infinity')),
  }))
}

interface Asked {
  expr: string
  series: Series
  /** Minutes after the first sample. */
  at: number
  /** Absolute path of the rules that are evaluated every 15 seconds. */
  rules?: string
}

/**
 * Asks the real PromQL engine, by promtool, which evaluates over series that are simulated. It prints only what it did not
 * expect, so it is told to expect nothing.
 *
 * @throws NotEvaluated, which is for `firstLack`, where Prometheus refuses the expression or the rules, or comes to no end
 */
export async function evaluate({ expr, series, at, rules }: Asked, signal: AbortSignal): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-'))
  const file = join(folder, 'test.yaml')
  const test = {
    ...(rules && { rule_files: [rules] }),
    evaluation_interval: '15s',
    tests: [
      {
        interval: '15s',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [{ expr, eval_time: `${at}m`, exp_samples: [] }],
      },
    ],
  }
  try {
    await writeFile(file, stringify(test, { lineWidth: 0 }))
    const said = await new Promise<string>((onSaid, reject) => {
      const options = { signal, timeout: longest, killSignal: 'SIGKILL', maxBuffer: 50_000_000 } as const
      execFile(findProgram('promtool')!, ['test', 'rules', file], options, (error, stdout, stderr) => {
        if (!error) onSaid('')
        else if (signal.aborted) reject(error)
        else if (error.killed) reject(new NotEvaluated(`it takes longer than ${longest / 1000} s`))
        else onSaid(stdout + stderr)
      })
    })
    const got = /^ +got: (.*)$/m.exec(said)?.[1]
    if (said && got === undefined) throw new NotEvaluated(reasonIn(said, folder))
    return rowsOf(got ?? '')
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What was wrong, of all that promtool prints around it. */
function reasonIn(said: string, folder: string): string {
  const reason = /, err: (.+)/.exec(said)?.[1] ?? said.trim().split('\n').at(-1)!.trim()
  return reason.replaceAll(`${folder}/`, '')
}

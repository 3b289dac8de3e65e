import { execFile } from 'node:child_process'
import type { AlertRule, RecordingRule } from '../src/alert.ts'
import { write } from './promtool.ts'

/** Series over which Prometheus evaluates rules in their order, as if each evaluation took no time. */
export interface Simulation {
  rules: (AlertRule | RecordingRule)[]
  /** Seconds between two samples, and between two evaluations. */
  interval: number
  /** In promtool's notation. */
  series: Record<string, string>
}

/**
 * Asks what comes of a simulation, of which promtool says only what it did not expect: so it is told to expect nothing.
 *
 * @param asked expressions of one value each, and the seconds after the start at which they are evaluated
 * @returns their values; undefined for one that has none
 */
export async function simulate({ rules, interval, series }: Simulation, asked: { expr: string; at: number }[]) {
  const file = write({
    rule_files: [write({ groups: [{ name: 'rules', rules }] })],
    evaluation_interval: `${interval}s`,
    tests: [
      {
        interval: `${interval}s`,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        promql_expr_test: asked.map(({ expr, at }) => ({ expr, eval_time: `${at}s`, exp_samples: [] })),
      },
    ],
  })
  const said = await new Promise<string>((resolve, reject) => {
    execFile('promtool', ['test', 'rules', file], { maxBuffer: 10_000_000 }, (_, stdout, stderr) =>
      /, err: /.test(stdout + stderr) || !/SUCCESS|got: /.test(stdout + stderr)
        ? reject(new Error(stdout + stderr))
        : resolve(stdout + stderr),
    )
  })
  const answers = [...said.matchAll(/expr: (".*"), time: (\S+),\n +exp: nil\n +got: \{.*\} (\S+)/g)]
  return asked.map(({ expr, at }) => {
    const answer = answers.find(([, of, time]) => JSON.parse(of!) === expr && inSeconds(time!) === at)
    return answer && Number(answer[3]!.replace('Inf', 'Infinity'))
  })
}

/** The length of a duration of several units, such as `1h30m`. */
const inSeconds = (text: string) =>
  [...text.matchAll(/(\d+)([dhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * { d: 86_400, h: 3600, m: 60, s: 1 }[unit as 's'],
    0,
  )

/** When an alert fired, in seconds after the start: the first evaluation at which it did, and the first at which it no longer did. */
export async function firing(simulation: Simulation, severity: string, until: number) {
  const { interval } = simulation
  const over = (aggregate: string) => ({
    expr: `${aggregate}_over_time(max(timestamp(ALERTS{alertstate="firing", severity="${severity}"}))[${until}s:${interval}s])`,
    at: until,
  })
  const [first, last, evaluations] = await simulate(simulation, [over('min'), over('max'), over('count')])
  return first === undefined ? undefined : { from: first, to: last! + interval, evaluations: evaluations! }
}

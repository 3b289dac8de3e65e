import type { AtRate, Breaks, Summary } from '../lib/summary.ts'
import type { LinkedRequest, Report } from './records.ts'

const number = (value: number): string => value.toLocaleString('en')

/** With three digits that matter. */
const precise = (value: number): string => String(Number(value.toPrecision(3)))

export const duration = (ms: number): string => (ms < 1000 ? `${precise(ms)} ms` : `${precise(ms / 1000)} s`)
/** As people write a percentile. */
export const nameOf = (percentile: string): string => percentile.replace(/[()]/g, '')
export const share = (ratio: number): string => `${precise(ratio * 100)} %`

const longDuration = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${precise(seconds / 60)} min`

/** One thing that is told of a run; `passed` where it is judged by it. */
export interface Finding {
  name: string
  passed?: boolean
  text: string
}

const latencyAndFailures =
  (judged: boolean) =>
  ({ group, requests, ms, limitMs, percentile, failed, failures, kept }: Summary['objectives'][number]): Finding => ({
    name: group,
    ...(judged && { passed: kept }),
    text:
      `${number(requests)} requests, ${nameOf(percentile)} ${duration(ms)} (promised ${duration(limitMs)}), ` +
      `${number(failed)} failed (promised ${share(failures)} at most)`,
  })

/** How a rate reads: visits are asked for, requests are what came of them. */
const atRate = ({ visits, requests }: AtRate): string =>
  `${precise(visits)} visits a second${requests === undefined ? '' : ` (${precise(requests)} requests)`}`

/** The answer of a breakpoint. */
export function breakText({ holds, at }: Breaks): string {
  if (!at)
    return `Nothing broke: every promise was kept up to ${holds ? atRate(holds) : 'its end, which came at once'}.`
  const what = at.broken.map(({ group, why, measured }) =>
    why === 'latency' ? `${group} take ${duration(measured)}` : `${share(measured)} of ${group} fail`,
  )
  return `Breaks at ${atRate(at)}: ${what.join(', ')}. ${holds ? `Holds at ${atRate(holds)}.` : 'It held at no lower rate.'}`
}

/** All that is told of a run, in the order of its report. */
export function findings({ judgedBy, objectives, checks, books, visits, orders }: Summary): Finding[] {
  const wrong = checks.failed.map(({ name, times }) => `not ${number(times)} times: ${name}`)
  const { created, pending, refused, failed } = orders
  const isOnTime = visits.late <= Math.ceil((visits.begun + visits.late) / 100)
  return [
    ...objectives.filter(({ requests }) => requests > 0).map(latencyAndFailures(judgedBy === 'promises')),
    {
      name: 'answers',
      passed: wrong.length === 0,
      text: wrong.join('; ') || `${number(checks.passed)} checked and right`,
    },
    {
      name: 'books',
      passed: books.balance,
      text: `${number(books.supplied)} units put in stock, ${number(books.sold)} sold, ${number(books.left)} left`,
    },
    {
      name: 'answers to orders',
      text: `${number(created)} created, ${number(pending)} pending, ${number(refused)} refused, ${number(failed)} without a result`,
    },
    {
      name: 'visits',
      ...(judgedBy === 'promises' && { passed: isOnTime }),
      text: `${number(visits.begun)} begun, ${number(visits.late)} that k6 could not begin in time`,
    },
  ]
}

export const requestText = ({ route, ms, status, failed }: LinkedRequest): string =>
  `${duration(ms).padStart(8)}  ${route} ${failed ?? status}`

const requestLine = (request: LinkedRequest): string =>
  `${requestText(request).padEnd(44)}  ${request.link ?? `trace ${request.trace}, not kept`}`

export const failuresOf = ({ objectives }: Summary): number => objectives.reduce((sum, { failed }) => sum + failed, 0)

/**
 * A run on one screen.
 *
 * @param paint colours a word that passed or failed
 */
export function verdict(report: Report, paint: (passed: boolean, word: string) => string): string {
  const { profile, gateway, seconds, slowest, failures, breaks, passed } = report
  const mark = (ok: boolean | undefined) => (ok === undefined ? '    ' : paint(ok, ok ? 'pass' : 'FAIL'))
  const failed = failuresOf(report)
  return [
    `${profile}: ${longDuration(seconds)} at ${gateway}`,
    '',
    ...findings(report).map(({ name, passed, text }) => `${mark(passed)}  ${name.padEnd(17)}  ${text}`),
    ...(breaks ? ['', breakText(breaks)] : []),
    '',
    'Slowest',
    ...slowest.slice(0, 3).map(requestLine),
    ...(failed > 0 ? ['', `Failed, ${number(failed)} in all`, ...failures.slice(0, 5).map(requestLine)] : []),
    '',
    paint(passed, passed ? 'Passed' : 'Failed'),
  ].join('\n')
}

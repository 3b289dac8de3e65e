import { type AskedRequest, slowestShown } from '../lib/shortlist.ts'
import type { Summary } from '../lib/summary.ts'
import type { FindTrace } from './traces.ts'

/** A request with the address of its trace, where somebody keeps it. */
export interface LinkedRequest extends AskedRequest {
  link?: string
}

/** What `make load-test` writes to out/. */
export interface Report extends Summary {
  slowest: LinkedRequest[]
  /** The first of them. */
  failures: LinkedRequest[]
}

/** As many failed requests are listed; their number is told in any case. */
const failuresShown = 200

interface LogLine {
  level: string
  msg: string
  source?: string
}

function parse<Value>(text: string): Value | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Value
  } catch {
    return undefined
  }
}

export interface Listener {
  /** How far the run is, once a second. */
  progress(text: string): void
  /** What k6 has to tell. */
  say(text: string): void
}

/** Each request without an answer is among the failed ones, and thresholds are the verdict. */
const toldOtherwise = /^Request Failed$|^thresholds on metrics /

/** Reads what k6 writes with --log-format=json, line by line. */
export function createRunReader({ progress, say }: Listener) {
  const requests: AskedRequest[] = []
  let summary: Summary | undefined
  return {
    requests,
    summary: () => summary,
    read(line: string) {
      const json = parse<Summary | LogLine>(line)
      if (json === undefined) {
        if (line.startsWith('running (')) progress(line)
      } else if ('profile' in json) summary = json
      else if (json.source === 'console') {
        const request = parse<AskedRequest>(json.msg)
        if (request) requests.push(request)
      } else if (!toldOtherwise.test(json.msg)) say(json.msg)
    },
  }
}

/** @param requests those that failed and the slowest, in any order */
export async function makeReport(summary: Summary, requests: AskedRequest[], findTrace: FindTrace): Promise<Report> {
  const withLinks = async (some: AskedRequest[]): Promise<LinkedRequest[]> =>
    Promise.all(
      some.map(async (request) => {
        const link = request.traced ? await findTrace(request.trace, Date.parse(request.at) + request.ms) : undefined
        return link === undefined ? request : { ...request, link }
      }),
    )
  const failures = requests.filter(({ failed }) => failed !== undefined)
  return {
    ...summary,
    slowest: await withLinks([...requests].sort((one, other) => other.ms - one.ms).slice(0, slowestShown)),
    failures: await withLinks(failures.sort((one, other) => one.at.localeCompare(other.at)).slice(0, failuresShown)),
  }
}

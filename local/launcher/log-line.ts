import { paint, type Style } from './paint.ts'

const levelColors: Record<string, Style> = { fatal: 'red', error: 'red', warn: 'yellow', info: 'green', debug: 'gray' }
const nameColors: Style[] = ['cyan', 'magenta', 'blue', 'yellow', 'green']
const nameWidth = 11

/** What a terminal would act on, other than a tab: a log line may carry what a stranger sent. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\x00-\x08\x0a-\x1f\x7f-\x9f]/g

/** Fields that the line says in another way, or on every line. */
const silent = new Set([
  'level',
  'time',
  'service',
  'msg',
  'trace_id',
  'span_id',
  'trace_flags',
  'reqId',
  'request_id',
  'err',
])

function colorOf(name: string): Style {
  const sum = [...name.replace(/-\d+$/, '')].reduce((total, letter) => total + letter.charCodeAt(0), 0)
  return nameColors[sum % nameColors.length]!
}

const prefixes = new Map<string, string>()

/** The name of a process, padded and coloured, for the start of a line. */
export function prefix(name: string): string {
  let known = prefixes.get(name)
  if (known === undefined) {
    known = paint(colorOf(name), name.padEnd(nameWidth))
    prefixes.set(name, known)
  }
  return known
}

function harmless(text: string): string {
  return text.replace(control, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

function statusColor(status: number): Style {
  if (status >= 500) return 'red'
  return status >= 400 ? 'yellow' : 'green'
}

interface LoggedError {
  stack?: string
  message?: string
  cause?: LoggedError
}

/** Where an error came from, line by line; nothing of what is no error. */
function traceOf({ stack, message, cause }: LoggedError): string[] {
  if (!message && !stack) return []
  const [first, ...causes] = cause ? traceOf(cause) : []
  return [...(stack ?? message!).split('\n'), ...(first ? [`caused by ${first}`, ...causes] : [])]
}

/** The one line of a request in the order in which people read it; any other message as it is. */
function summarise(entry: Record<string, unknown>): { summary: string; rest: Record<string, unknown> } {
  const { method, route, status, outcome = status, duration_ms, ...rest } = entry
  if (entry.msg !== 'request' || outcome === undefined || typeof duration_ms !== 'number') {
    return { summary: harmless(String(entry.msg ?? '')), rest: entry }
  }
  const answer = paint(statusColor(Number(status)), harmless(String(outcome)))
  return { summary: `${harmless(`${method} ${route}`)} ${answer} ${duration_ms.toFixed(1)} ms`, rest }
}

/**
 * A line of a service for people: time, level, message and fields; what is not one of our JSON lines stays as it is.
 * Colours only where stdout is a terminal.
 */
export function readableLine(name: string, line: string): string {
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(line)
  } catch {
    return `${prefix(name)} ${harmless(line)}`
  }
  if (typeof entry !== 'object' || entry === null) return `${prefix(name)} ${harmless(line)}`
  const level = String(entry.level ?? '')
  const { summary, rest } = summarise(entry)
  const fields = Object.entries(rest)
    .filter(([key]) => !silent.has(key))
    .map(([key, value]) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return `${paint('gray', `${key}=`)}${harmless(text)}`
    })
  const error = traceOf((entry.err ?? {}) as LoggedError)
  const parts = [
    paint('gray', String(entry.time ?? '').slice(11, 23)),
    paint(levelColors[level] ?? 'white', level.padEnd(5)),
    summary,
    ...fields,
    ...(entry.trace_id ? [paint('gray', `trace=${String(entry.trace_id)}`)] : []),
    ...(error.length > 0 ? [`\n${paint('red', error.map(harmless).join('\n'))}`] : []),
  ]
  return `${prefix(name)} ${parts.join(' ')}`
}

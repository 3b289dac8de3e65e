import { styleText } from 'node:util'

type Color = Parameters<typeof styleText>[0]

const levelColors: Record<string, Color> = { fatal: 'red', error: 'red', warn: 'yellow', info: 'green', debug: 'gray' }
const nameColors: Color[] = ['cyan', 'magenta', 'blue', 'yellow', 'green']
const nameWidth = 11

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

function colorOf(name: string): Color {
  const sum = [...name.replace(/-\d+$/, '')].reduce((total, letter) => total + letter.charCodeAt(0), 0)
  return nameColors[sum % nameColors.length]!
}

/** The name of a process, padded and coloured, for the start of a line. */
export function prefix(name: string): string {
  return styleText(colorOf(name), name.padEnd(nameWidth), { stream: process.stdout })
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
    return `${prefix(name)} ${line}`
  }
  const level = String(entry.level ?? '')
  const paint = (color: Color, text: string) => styleText(color, text, { stream: process.stdout })
  const fields = Object.entries(entry)
    .filter(([key]) => !silent.has(key))
    .map(([key, value]) => `${paint('gray', `${key}=`)}${typeof value === 'object' ? JSON.stringify(value) : value}`)
  const { stack, message } = (entry.err ?? {}) as { stack?: string; message?: string }
  const parts = [
    paint('gray', String(entry.time ?? '').slice(11, 23)),
    paint(levelColors[level] ?? 'white', level.padEnd(5)),
    entry.msg,
    ...fields,
    ...(entry.trace_id ? [paint('gray', `trace=${String(entry.trace_id)}`)] : []),
    ...(message ? [`\n${paint('red', stack ?? message)}`] : []),
  ]
  return `${prefix(name)} ${parts.join(' ')}`
}

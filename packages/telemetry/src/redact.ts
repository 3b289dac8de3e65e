/** The parameters of the shop's APIs, of which the values may be seen. Whatever else is in a query may be a secret. */
const knownParameters = new Set([
  'after',
  'level',
  'limit',
  'minDuration',
  'minutes',
  'orderId',
  'route',
  'service',
  'status',
  'traceId',
])

/** What the semantic conventions put in place of a value: https://opentelemetry.io/docs/specs/semconv/url/ */
const redacted = 'REDACTED'

const userinfo = /(:\/\/)[^\s/"]*@/g
/** Ends a URL in a text. */
const delimiter = /[\s"'`<>]/
/** A fragment is part of it. */
const query = /\?([^\s"'`<>]+)/g
const plainValue = /^[\w.,:~%+/-]*$/

/** Whether the question mark at `index` follows a path, rather than a word. */
function followsPath(text: string, index: number): boolean {
  for (let at = index - 1; at >= 0 && !delimiter.test(text[at]!); at--) if (text[at] === '/') return true
  return false
}

function redactParameter(parameter: string, isQuery: boolean): string {
  const equals = parameter.indexOf('=')
  if (equals === -1) return isQuery && parameter !== '' ? redacted : parameter
  const name = parameter.slice(0, equals)
  const isPlain = knownParameters.has(name) && plainValue.test(parameter.slice(equals + 1))
  return isPlain ? parameter : `${name}=${redacted}`
}

function redactQuery(_: string, parameters: string, index: number, text: string): string {
  const isQuery = followsPath(text, index)
  return `?${parameters
    .split('&')
    .map((parameter) => redactParameter(parameter, isQuery))
    .join('&')}`
}

/** Redacts, in any text, the user and password of a URL and the values of a query, but for the known parameters. */
export function redactText(text: string): string {
  const named = text.includes('://') ? text.replace(userinfo, `$1${redacted}:${redacted}@`) : text
  return named.includes('?') ? named.replace(query, redactQuery) : named
}

/** Redacts a query that stands for itself, such as `limit=5` or `?limit=5`. */
export function redactSearch(search: string): string {
  const path = search.startsWith('?') ? '/' : '/?'
  return redactText(path + search).slice(path.length)
}

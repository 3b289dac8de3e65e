/** Causes of causes that are told. */
const maxCauses = 4

/**
 * SQLSTATE classes of which PostgreSQL's messages name objects of the schema and the server, but quote no values:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const namesNoValue = /^(08|23|25|28|3D|40|42|53|54|55|57)...$/

/** All that is told of an error. */
export interface ErrorFields {
  name: string
  message: string
  code?: string | number
  stack?: string
  cause?: ErrorFields
}

interface Thrown {
  name?: unknown
  message?: unknown
  code?: unknown
  stack?: unknown
  cause?: unknown
  /** Only PostgreSQL's errors have one. */
  severity?: unknown
}

function messageOf({ message, code, severity }: Thrown, thrown: unknown): string {
  if (typeof severity === 'string' && typeof code === 'string' && !namesNoValue.test(code)) {
    return `PostgreSQL refused the statement (SQLSTATE ${code})`
  }
  return String(message ?? thrown)
}

/**
 * What logs and spans tell of an error: name, message, code, stack and cause, and nothing else that hangs on it, such as a
 * driver's client object or the row that PostgreSQL did not take.
 */
export function errorFields(thrown: unknown, depth = 0): ErrorFields {
  const error = Object(thrown) as Thrown
  const { code, stack, cause } = error
  const name = typeof error.name === 'string' ? error.name : 'Error'
  const message = messageOf(error, thrown)
  const calls = typeof stack === 'string' ? stack.indexOf('\n    at ') : -1
  return {
    name,
    message,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(calls !== -1 && { stack: `${name}: ${message}${(stack as string).slice(calls)}` }),
    ...(cause !== undefined && depth < maxCauses && { cause: errorFields(cause, depth + 1) }),
  }
}

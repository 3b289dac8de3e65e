/** SQLSTATE classes and Node codes that mean "the server is away" or "it took too long", not "the statement is wrong". */
const unavailable = /^(08...|57P0.|57014|53[03]00|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/
/** pg gives these no code. */
const unavailableMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Query read timeout|Cannot use a pool after|Client was closed)/

/**
 * Tells whether PostgreSQL was out of reach, so that the same statement may work a moment later.
 * SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable)
  const { code } = error as { code?: unknown }
  return (typeof code === 'string' && unavailable.test(code)) || unavailableMessages.test(error.message)
}

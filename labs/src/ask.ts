/** What keeps the signals gives no answer; the message says which, and what it said instead. */
export class NoAnswer extends Error {}

const patience = 10_000

/**
 * Asks for what signals are kept in.
 *
 * @returns an answer, which may be a refusal
 * @throws NoAnswer
 */
export async function ask(url: string | URL): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(patience) })
  } catch (error) {
    const { message, cause } = error as Error
    throw new NoAnswer(`GET ${url}: ${cause instanceof Error ? cause.message : message}`, { cause: error })
  }
  if (response.status >= 500) throw new NoAnswer(`GET ${url} answered ${response.status}: ${await response.text()}`)
  return response
}

/**
 * Asks for JSON.
 *
 * @returns undefined where there is nothing, or what was asked for cannot be
 * @throws NoAnswer
 */
export async function askForJson<Shape>(url: string | URL): Promise<Shape | undefined> {
  const response = await ask(url)
  if (response.ok) return (await response.json()) as Shape
  await response.body?.cancel()
  return undefined
}

/** Milliseconds; no guess at the machine's speed, only an end for what never comes. */
const limit = 120_000

async function get(base: string, path: string, query: Record<string, string>): Promise<Response> {
  const url = new URL(path, base)
  url.search = new URLSearchParams(query).toString()
  return fetch(url, { signal: AbortSignal.timeout(limit) })
}

/** @throws Error naming the address and what it said instead */
// biome-ignore lint/suspicious/noExplicitAny: what comes is read by who knows the API
async function jsonOf(response: Response): Promise<any> {
  const text = await response.text()
  if (!response.ok) throw new Error(`GET ${response.url} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

/** GETs JSON that must be there. */
export const getJson = async (base: string, path: string, query: Record<string, string> = {}) =>
  jsonOf(await get(base, path, query))

/** GETs JSON that may not be there yet: undefined for 404. */
export async function findJson(base: string, path: string, query: Record<string, string> = {}) {
  const response = await get(base, path, query)
  if (response.status !== 404) return jsonOf(response)
  await response.body?.cancel()
  return undefined
}

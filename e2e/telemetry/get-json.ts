/**
 * GETs JSON.
 *
 * @returns undefined for 404
 * @throws Error naming the address for any other answer but 2xx
 */
// biome-ignore lint/suspicious/noExplicitAny: what comes is read by who knows the API
export async function getJson(base: string, path: string, query: Record<string, string> = {}): Promise<any> {
  const url = new URL(path, base)
  url.search = new URLSearchParams(query).toString()
  const response = await fetch(url)
  if (response.status === 404) {
    await response.body?.cancel()
    return undefined
  }
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

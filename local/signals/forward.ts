/** Requests under way at most; what comes while there are so many is not handed on. */
const maxUnderWay = 16
const timeout = 5000

/**
 * Hands export requests on to another receiver of OTLP/HTTP, as they came. Whether it takes them, or is there at all, is nothing
 * to who sent them: they do not wait for it, and what it does not take is not sent again.
 *
 * @param url the receiver's base URL
 */
export function createForward(url: string) {
  let underWay = 0

  return async function forward(type: string, body: Buffer) {
    if (underWay >= maxUnderWay) return
    underWay += 1
    try {
      const answer = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: new Uint8Array(body),
        signal: AbortSignal.timeout(timeout),
      })
      await answer.arrayBuffer()
    } catch {
      // as said above
    } finally {
      underWay -= 1
    }
  }
}

const address = /^https?:\/\/(\[[\da-f:]+\]|[^\s/:?#@[\]]+)(?::\d+)?\/?$/i

/** The host of `http://HOST:PORT`, or undefined where it is anything else, one with a user or a path too. */
export const hostOf = (url: string): string | undefined => address.exec(url)?.[1]?.toLowerCase()

/**
 * Why no load may go to an address, or undefined where it may: to this machine, or to the host that whoever starts it has named.
 *
 * @param allowed the host that may be another machine
 */
export function refusal(url: string, allowed: string | undefined): string | undefined {
  const host = hostOf(url)
  if (host === undefined) return `GATEWAY_URL is ${url}: give an address like http://localhost:8080.`
  if (host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)) return undefined
  if (host === allowed?.toLowerCase()) return undefined
  return `${host} is not this machine. Where it is yours and may be loaded, say so: ALLOW_HOST=${host}.`
}

/**
 * A number above 0 of the environment.
 *
 * @throws Error where it is none
 */
export function positive(name: string, text: string | undefined): number {
  const value = Number(text ?? 1)
  if (text === '' || !Number.isFinite(value) || value <= 0)
    throw new Error(`${name} is ${text}: give a number above 0.`)
  return value
}

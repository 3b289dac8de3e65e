/** A request that somebody may want to look into. */
export interface AskedRequest {
  route: string
  /** Of the answer; 0 where there was none. */
  status: number
  ms: number
  at: string
  /** Id of its trace, and whether the shop has kept one. */
  trace: string
  traced: boolean
  /** Why it counts as failed. */
  failed?: string
}

/** As many of the slowest are shown. */
export const slowestShown = 10

/** As many failed requests each user tells: with all users' of them, more than anybody looks into. */
const failedTold = 20

/** What one user tells of its requests: those that failed, and each that is among its slowest so far, so that all users' slowest are told. */
export function createShortlist() {
  let slowest: number[] = []
  let failures = 0
  return {
    takes({ ms, failed }: AskedRequest): boolean {
      if (failed !== undefined) return ++failures <= failedTold
      if (slowest.length === slowestShown && ms <= slowest.at(-1)!) return false
      slowest = [...slowest, ms].sort((one, other) => other - one).slice(0, slowestShown)
      return true
    },
  }
}

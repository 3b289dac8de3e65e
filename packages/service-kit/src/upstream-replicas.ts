import { type Dispatcher, Pool } from 'undici'

export interface Replica {
  readonly dispatcher: Dispatcher
  /** Leaves the replica alone for so many milliseconds, as long as there is another. */
  avoid(milliseconds: number): void
}

/**
 * Opens a connection pool to each process behind an upstream's name.
 *
 * @param urls base URLs, separated by commas
 */
export function openReplicas(
  urls: string,
  options: Pool.Options,
  interceptors: Dispatcher.DispatcherComposeInterceptor[] = [],
) {
  const replicas = urls.split(',').map((url) => {
    const pool = new Pool(url, options)
    const replica = {
      pool,
      dispatcher: interceptors.length > 0 ? pool.compose(interceptors) : pool,
      avoidedUntil: 0,
      avoid(milliseconds: number) {
        replica.avoidedUntil = performance.now() + milliseconds
      },
    }
    return replica
  })
  let turn = 0

  return {
    /** The one whose turn it is among those that are not avoided, or among all. */
    next(): Replica {
      const now = performance.now()
      for (let asked = 0; asked < replicas.length; asked++) {
        turn = (turn + 1) % replicas.length
        if (replicas[turn]!.avoidedUntil <= now) return replicas[turn]!
      }
      turn = (turn + 1) % replicas.length
      return replicas[turn]!
    },
    close: () => Promise.all(replicas.map(({ pool }) => pool.close())),
  }
}

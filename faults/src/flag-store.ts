import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { type FlagsFile, flagOf } from './flags-format.ts'

/** Where the flags are, which services read and several programs write. */
export interface FlagStore {
  /**
   * The flags; none where nobody has set one.
   *
   * @throws BrokenFlags
   */
  read(): Promise<FlagsFile>
  /**
   * Changes the flags, one program after the other so that none undoes what another has changed.
   *
   * @param change gets what is there and alters it, and gives whether it is to be written; asked again where another was faster
   */
  change(change: (content: FlagsFile) => boolean): Promise<void>
  /** For how long a fault lasts without a word of the program that set it, and how often that is given, in milliseconds. */
  lease: number
  renewal: number
}

/** A fault that is on: how strong, since when, and when it ends at the latest, in milliseconds since 1970. */
export interface ActiveFault {
  name: string
  ratio: number
  since: number
  end: number
}

/** The faults that are on. */
export async function activeFaults(store: FlagStore): Promise<ActiveFault[]> {
  const { flags } = await store.read()
  return Object.entries(flags)
    .filter(([, { metadata }]) => metadata.until * 1000 > Date.now())
    .map(([name, { variants, metadata }]) => ({
      ...{ name, ratio: variants.on },
      ...{ since: metadata.since * 1000, end: metadata.end * 1000 },
    }))
}

interface KeepOptions {
  ratio?: number | undefined
  forMs: number
  signal: AbortSignal
  onKept?: () => void
}

/**
 * Keeps a fault on, and off again when the time is over, the signal says so, or somebody heals it. A program that is killed
 * meanwhile is missed: what it kept on ends by itself within seconds.
 *
 * @param forMs how long at most, in milliseconds
 * @param onKept called once it is on
 * @returns why it ended
 */
export async function keepFault(
  store: FlagStore,
  fault: Fault,
  { ratio = fault.ratio, forMs, signal, onKept }: KeepOptions,
): Promise<'over' | 'healed' | 'aborted'> {
  const since = Date.now()
  const end = since + forMs
  while (!signal.aborted && Date.now() < end) {
    let healed = false
    await store.change(({ flags, metadata }) => {
      healed = (metadata[fault.name] ?? 0) > since
      if (healed) return false
      flags[fault.name] = flagOf(fault, ratio, Math.min(end, Date.now() + store.lease), since, end)
      return true
    })
    if (healed) return 'healed'
    onKept?.()
    await delay(Math.min(store.renewal, Math.max(end - Date.now(), 0)), undefined, { signal }).catch(() => {})
  }
  await healFaults(store, [fault.name])
  return signal.aborted ? 'aborted' : 'over'
}

/**
 * Turns faults off, and tells the programs that keep them on.
 *
 * @param names all where left out
 */
export async function healFaults(store: FlagStore, names?: string[]): Promise<string[]> {
  let healed: string[] = []
  await store.change(({ flags, metadata }) => {
    healed = names ?? Object.keys(flags)
    for (const name of healed) {
      delete flags[name]
      metadata[name] = Date.now()
    }
    return healed.length > 0
  })
  return healed
}

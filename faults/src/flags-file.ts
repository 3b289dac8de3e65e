import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from './fault.ts'
import { withFileLocked } from './file-lock.ts'

/** The part of flagd's format that is used: https://flagd.dev/reference/flag-definitions/ */
interface Flag {
  state: 'ENABLED'
  variants: { off: number; on: number }
  defaultVariant: 'off'
  targeting: object
  /** When it ends unless it is renewed, since when it is on, and when it is renewed no more, in seconds since 1970. */
  metadata: { until: number; since: number; end: number }
}

export interface FlagsFile {
  $schema: string
  flags: Record<string, Flag>
  /** When a fault was healed last, in milliseconds since 1970, by name. */
  metadata: Record<string, number>
}

const nothing: FlagsFile = { $schema: 'https://flagd.dev/schema/v0/flags.json', flags: {}, metadata: {} }

/** For how long a fault lasts without a word of the program that set it: a few readings by the services, who look every second. */
const lease = 10_000
const renewal = 2000

/** The file is there and is no JSON. */
export class BrokenFlags extends Error {}

/**
 * @returns the flags, none where there is no file
 * @throws BrokenFlags
 */
export async function readFlags(file: string): Promise<FlagsFile> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return structuredClone(nothing)
    if (error instanceof SyntaxError)
      throw new BrokenFlags(`${file} is no JSON; mend it, or remove it to begin anew`, { cause: error })
    throw error
  }
}

/**
 * Changes the flags, one program after the other so that none undoes what another has changed, and at once so that nobody reads
 * half of a file. Flags whose time is over are left out.
 *
 * @param change gets what the file holds and alters it, and gives whether it is to be written
 */
export async function changeFlags(file: string, change: (content: FlagsFile) => boolean) {
  await mkdir(dirname(file), { recursive: true })
  await withFileLocked(file, async () => {
    const content = await readFlags(file)
    if (!change(content)) return
    for (const [name, { metadata }] of Object.entries(content.flags))
      if (metadata.until * 1000 <= Date.now()) delete content.flags[name]
    const unfinished = `${file}.${process.pid}`
    await writeFile(unfinished, `${JSON.stringify(content, undefined, 2)}\n`)
    await rename(unfinished, file)
  })
}

/**
 * A fault as a flag that is on until a time and for some of what is asked about.
 *
 * @param ratio 0 to 1
 * @param until milliseconds since 1970, as are the others
 * @param end when it is going to be renewed no more
 */
export function flagOf(
  { only }: Pick<Fault, 'only'>,
  ratio: number,
  until: number,
  since = Date.now(),
  end = until,
): Flag {
  const seconds = Math.ceil(until / 1000)
  const conditions = [
    { '<': [{ var: '$flagd.timestamp' }, seconds] },
    ...Object.entries(only ?? {}).map(([attribute, values]) => ({ in: [{ var: attribute }, values] })),
  ]
  return {
    state: 'ENABLED',
    variants: { off: 0, on: ratio },
    defaultVariant: 'off',
    targeting: { if: [{ and: conditions }, 'on', 'off'] },
    metadata: { until: seconds, since: Math.floor(since / 1000), end: Math.ceil(end / 1000) },
  }
}

/** A fault that is on: how strong, since when, and when it ends at the latest, in milliseconds since 1970. */
export interface ActiveFault {
  name: string
  ratio: number
  since: number
  end: number
}

/** The faults that are on. */
export async function activeFaults(file: string): Promise<ActiveFault[]> {
  const { flags } = await readFlags(file)
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
  file: string,
  fault: Fault,
  { ratio = fault.ratio, forMs, signal, onKept }: KeepOptions,
): Promise<'over' | 'healed' | 'aborted'> {
  const since = Date.now()
  const end = since + forMs
  while (!signal.aborted && Date.now() < end) {
    let healed = false
    await changeFlags(file, ({ flags, metadata }) => {
      healed = (metadata[fault.name] ?? 0) > since
      if (healed) return false
      flags[fault.name] = flagOf(fault, ratio, Math.min(end, Date.now() + lease), since, end)
      return true
    })
    if (healed) return 'healed'
    onKept?.()
    await delay(Math.min(renewal, Math.max(end - Date.now(), 0)), undefined, { signal }).catch(() => {})
  }
  await healFaults(file, [fault.name])
  return signal.aborted ? 'aborted' : 'over'
}

/**
 * Turns faults off, and tells the programs that keep them on.
 *
 * @param names all where left out
 */
export async function healFaults(file: string, names?: string[]): Promise<string[]> {
  let healed: string[] = []
  await changeFlags(file, ({ flags, metadata }) => {
    healed = names ?? Object.keys(flags)
    for (const name of healed) {
      delete flags[name]
      metadata[name] = Date.now()
    }
    return healed.length > 0
  })
  return healed
}

/** Forgets every fault, as at a start: whoever set one then is no longer there, or sets it again. */
export const resetFlags = (file: string): Promise<void> => rm(file, { force: true })

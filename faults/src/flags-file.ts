import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from './fault.ts'

/** The part of flagd's format that is used: https://flagd.dev/reference/flag-definitions/ */
interface Flag {
  state: 'ENABLED'
  variants: { off: number; on: number }
  defaultVariant: 'off'
  targeting: object
  /** When it ends, and when it is going to be renewed no more, in seconds since 1970. */
  metadata: { until: number; since: number }
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

/** @returns the flags, none where there is no file */
export async function readFlags(file: string): Promise<FlagsFile> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return structuredClone(nothing)
    throw error
  }
}

/** At once or not at all, so that nobody reads half of it. */
async function writeFlags(file: string, content: FlagsFile) {
  await mkdir(dirname(file), { recursive: true })
  const unfinished = `${file}.${process.pid}`
  await writeFile(unfinished, `${JSON.stringify(content, undefined, 2)}\n`)
  await rename(unfinished, file)
}

/**
 * A fault as a flag that is on until a time and for some of what is asked about.
 *
 * @param ratio 0 to 1
 * @param until milliseconds since 1970
 */
export function flagOf({ only }: Pick<Fault, 'only'>, ratio: number, until: number, since = Date.now()): Flag {
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
    metadata: { until: seconds, since: Math.floor(since / 1000) },
  }
}

/** Names of the faults that are on. */
export async function activeFaults(file: string): Promise<{ name: string; ratio: number; until: number }[]> {
  const { flags } = await readFlags(file)
  return Object.entries(flags)
    .map(([name, { variants, metadata }]) => ({ name, ratio: variants.on, until: metadata.until * 1000 }))
    .filter(({ until }) => until > Date.now())
}

/**
 * Keeps a fault on, and off again when the time is over, the signal says so, or somebody heals it. A program that is killed
 * meanwhile is missed: what it kept on ends by itself within seconds.
 *
 * @param forMs how long at most, in milliseconds
 * @returns why it ended
 */
export async function keepFault(
  file: string,
  fault: Fault,
  { ratio = fault.ratio, forMs, signal }: { ratio?: number | undefined; forMs: number; signal: AbortSignal },
): Promise<'over' | 'healed' | 'aborted'> {
  const since = Date.now()
  const end = since + forMs
  while (!signal.aborted && Date.now() < end) {
    const { flags, metadata, ...rest } = await readFlags(file)
    if ((metadata[fault.name] ?? 0) > since) return 'healed'
    flags[fault.name] = flagOf(fault, ratio, Math.min(end, Date.now() + lease), since)
    await writeFlags(file, { ...rest, flags, metadata })
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
  const { flags, metadata, ...rest } = await readFlags(file)
  const healed = names ?? Object.keys(flags)
  for (const name of healed) {
    delete flags[name]
    metadata[name] = Date.now()
  }
  await writeFlags(file, { ...rest, flags, metadata })
  return healed
}

/** Forgets every fault, as at a start: whoever set one then is no longer there, or sets it again. */
export const resetFlags = (file: string): Promise<void> => rm(file, { force: true })

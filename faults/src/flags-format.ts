import type { Fault } from './fault.ts'

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

/** Flags of which none is on. */
export const noFlags = (): FlagsFile => ({ $schema: 'https://flagd.dev/schema/v0/flags.json', flags: {}, metadata: {} })

/** What is there is no JSON. */
export class BrokenFlags extends Error {}

/**
 * @param where it was read, for the error
 * @throws BrokenFlags
 */
export function parseFlags(text: string, where: string): FlagsFile {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new BrokenFlags(`${where} is no JSON; mend it, or remove it to begin anew`, { cause: error })
  }
}

/** As it is written; flags whose time is over are left out. */
export function formatFlags(content: FlagsFile): string {
  const flags = Object.entries(content.flags).filter(([, { metadata }]) => metadata.until * 1000 > Date.now())
  return `${JSON.stringify({ ...content, flags: Object.fromEntries(flags) }, undefined, 2)}\n`
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

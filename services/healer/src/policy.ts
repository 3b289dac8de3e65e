/** How often and how soon the healer may act. Times in seconds. */
export interface Policy {
  /** Whether it only says what it would do. */
  dryRun: boolean
  /** After an action, for so long nothing is done about the same alert or the same subject. */
  cooldown: number
  /** After so many actions about one alert it pages a person. */
  strikes: number
  /** For how long an action is a strike, also one that healed: what comes back three times in it needs a person. */
  strikesKept: number
  /** For how long an alert must be silent before it is called healed. */
  silence: number
}

export const defaultPolicy: Omit<Policy, 'dryRun' | 'cooldown'> = { strikes: 3, strikesKept: 3600, silence: 120 }

/** The alert as far as the policy looks at it. */
export interface Subject {
  fingerprint: string
  /** The workload or the database that the alert is about. */
  subject: string
  /** Milliseconds since 1970. */
  startsAt: number
}

/** An action that was begun, also one that failed or was only said. */
export interface Attempt {
  fingerprint: string
  subject: string
  /** Milliseconds since 1970. */
  at: number
}

export type Decision = 'act' | 'cooling-down' | 'give-up'

interface Moment {
  alert: Subject
  attempts: readonly Attempt[]
  policy: Policy
  /** When this process began, in milliseconds since 1970. */
  startedAt: number
  now: number
}

/**
 * What to do about an alert that fires and that something may be done about. What was done is known from this process alone: a
 * process before may have acted on an alert that is older than this one, so that such an alert waits for one cooldown first.
 */
export function decide({ alert, attempts, policy, startedAt, now }: Moment): Decision {
  const cooldown = policy.cooldown * 1000
  if (alert.startsAt < startedAt && now < startedAt + cooldown) return 'cooling-down'
  const recent = attempts.filter(({ at }) => now < at + cooldown)
  if (recent.some((one) => one.fingerprint === alert.fingerprint || one.subject === alert.subject))
    return 'cooling-down'
  const strikes = attempts.filter(
    ({ fingerprint, at }) => fingerprint === alert.fingerprint && now < at + policy.strikesKept * 1000,
  )
  return !policy.dryRun && strikes.length >= policy.strikes ? 'give-up' : 'act'
}

/** The attempts that may still matter, so that the others need not be kept. */
export function stillMattering(attempts: readonly Attempt[], policy: Policy, now: number): Attempt[] {
  const kept = Math.max(policy.cooldown, policy.strikesKept) * 1000
  return attempts.filter(({ at }) => now < at + kept)
}

/** Whether an alert has been silent for long enough, since `silentSince` (milliseconds since 1970; undefined: it fires). */
export function isSilent(silentSince: number | undefined, policy: Policy, now: number): boolean {
  return silentSince !== undefined && now - silentSince >= policy.silence * 1000
}

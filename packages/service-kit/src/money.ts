/**
 * Cents of an amount, exactly.
 *
 * @param amount a JSON number with at most two decimals, below 2^53 cents
 * @returns whole cents, or undefined when the amount has more than two decimals
 */
export function toCents(amount: number): number | undefined {
  const cents = Math.round(amount * 100)
  return cents / 100 === amount ? cents : undefined
}

/** The JSON number of whole cents: the shortest decimal, so 1099 is 10.99 and nothing else. */
export function fromCents(cents: number): number {
  return cents / 100
}

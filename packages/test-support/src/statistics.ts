/** The value below which a share of all values is, from 0 to 1. */
export function quantile(values: number[], share: number): number {
  if (values.length === 0) throw new Error('there are no values')
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]!
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: number[]): number {
  if (values.length === 0) throw new Error('there are no values')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}

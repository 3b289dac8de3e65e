/** Two sides that were measured in one run, one divided by the other. */
export interface Ratio {
  name: string
  value: number
  better: 'higher' | 'lower'
}

/** Tells `make bench` of a ratio, where that runs this bench. */
export function tell(ratio: Ratio) {
  process.send?.(ratio)
}

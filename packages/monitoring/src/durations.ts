const milliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The seconds of a duration such as `5m`, as Prometheus writes it with one unit; throws where it is none. */
export function secondsOf(duration: string): number {
  const [, count, unit] = /^(\d+)(ms|[smhd])$/.exec(duration) ?? []
  if (!count) throw new Error(`${duration} is no duration: write a whole number and one of ms, s, m, h, d.`)
  return (Number(count) * milliseconds[unit as 'ms']) / 1000
}

/** The duration of so many seconds, to the millisecond; Prometheus takes no fractions. */
export function durationOf(seconds: number): string {
  const whole = Math.round(seconds * 1000)
  return whole % 1000 === 0 ? `${whole / 1000}s` : `${whole}ms`
}

const milliseconds = { s: 1000, m: 60_000, h: 3_600_000 }

/** @returns milliseconds of a time such as 90s, 10m or 1h; undefined where it is none */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)([smh])$/.exec(text) ?? []
  return amount && unit ? Number(amount) * milliseconds[unit as keyof typeof milliseconds] : undefined
}

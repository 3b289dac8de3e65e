const inSnakeCase = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** A relabeling of a ServiceMonitor in Prometheus' own words, for where there is no operator that translates it. */
export const prometheusRelabeling = (rule: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(rule).map(([key, value]) => [inSnakeCase(key), value]))

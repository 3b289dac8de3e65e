import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { checkout } from '../processes/checkout.ts'

/** The values with which `make up` installs a chart: what is set there is set here. */
// biome-ignore lint/suspicious/noExplicitAny: values of a chart of others
export function chartValues(chart: string): any {
  return parse(readFileSync(join(checkout, 'observability-values', `${chart}.yaml`), 'utf8'))
}

/** Without the keys that are null: those delete a default of the chart, of which there is none here. */
export function withoutNull<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Partial<T>
}

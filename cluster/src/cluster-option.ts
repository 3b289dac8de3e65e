import { parseArgs } from 'node:util'
import { kindConfig } from './kind-cluster.ts'

/**
 * The cluster that the command line names.
 *
 * @param usage what --help prints
 * @returns undefined when help was asked for, and printed
 */
export function readClusterOption(usage: string): string | undefined {
  const { values } = parseArgs({
    options: {
      cluster: { type: 'string', default: kindConfig.name },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (!values.help) return values.cluster
  process.stdout.write(usage)
  return undefined
}

import { randomUUID } from 'node:crypto'
import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Client, EvaluationContext } from '@openfeature/server-sdk'

/** How often the file is looked at, in milliseconds. */
const lookEvery = 1000

export interface Flags {
  /** How strong a fault is now, 0 to 1; 0 while it is off. */
  ratio(fault: string, context?: EvaluationContext): Promise<number>
  close(): Promise<void>
}

/** OpenFeature with flagd's evaluation in this process, and the file as the source of the flags. */
async function openClient(file: string): Promise<{ client: Client; close(): Promise<void> }> {
  const { OpenFeature } = await import('@openfeature/server-sdk')
  const { FlagdProvider } = await import('@openfeature/flagd-provider')
  const provider = new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: file })
  // A domain of its own: a second app of this process, as in tests, would else take the first one's provider away.
  const domain = randomUUID()
  await OpenFeature.setProviderAndWait(domain, provider)
  return { client: OpenFeature.getClient(domain), close: () => OpenFeature.clearProviders() }
}

/**
 * Reads the flags of a file. Nothing is loaded until there is one, so that a shop in which nobody sets a fault pays nothing.
 * While the file is broken, what it held before goes on, each flag until its time.
 *
 * @param report gets what is wrong with the file, once until it is mended
 */
export function openFlags(file: string, report: (error: Error) => void): Flags {
  let opened: ReturnType<typeof openClient> | undefined
  let broken = false
  let closed = false

  /** Whether there is a file that holds JSON. The provider keeps silent about one that it cannot read. */
  async function isUsable(): Promise<boolean> {
    try {
      JSON.parse(await readFile(file, 'utf8'))
      broken = false
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      if (!broken) report(error as Error)
      broken = true
      return false
    }
  }

  async function look() {
    if (!(await isUsable()) || opened || closed) return
    opened = openClient(file)
    opened.catch((error: Error) => {
      report(error)
      opened = undefined
    })
  }
  // Stays when the provider watches as well: Node looks as often as the first one asked for.
  watchFile(file, { interval: lookEvery, persistent: false }, look)
  look()

  return {
    async ratio(fault, context = {}) {
      const flags = await opened?.catch(() => undefined)
      return flags ? flags.client.getNumberValue(fault, 0, context) : 0
    },
    async close() {
      closed = true
      unwatchFile(file, look)
      await (await opened?.catch(() => undefined))?.close()
    },
  }
}

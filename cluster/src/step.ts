import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.ts'
import { diagnose } from './diagnosis.ts'
import { type StepPods, untilStuck } from './stuck-pods.ts'
import { paint } from './terminal.ts'

/** Where the steps keep what they wrote. */
export const logFolder = join(import.meta.dirname, '../../.local/cluster')

class StepError extends Error {}

export interface Step {
  title: string
  /** The programs of the step, one after the other. */
  commands: [program: string, ...args: string[]][]
  /** Where the step's pods are: it gives up when one of them cannot start, and tells why. */
  cluster?: StepPods
  /** Times to try; for what only needs a moment more, like a webhook that has no certificate yet. */
  attempts?: number
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`

/**
 * Runs one step, showing its title, the latest line of its output (on a terminal) and its time. The whole output goes to
 * .local/cluster/. Throws a StepError that holds the last lines and, for a step in a cluster, the state of the pods that are not well:
 * when a program fails, or half a minute after a pod came into a state that does not mend itself.
 */
export async function runStep({ title, commands, cluster, attempts = 1 }: Step): Promise<void> {
  const terminal = process.stdout.isTTY
  const started = Date.now()
  let latest = ''
  const show = () => {
    const line = `${title}  ${seconds(started)}  ${latest}`.slice(0, (process.stdout.columns ?? 80) - 1)
    process.stdout.write(`\r\x1b[K${paint('dim', line)}`)
  }
  const ticker = terminal ? setInterval(show, 200) : undefined
  if (!terminal) process.stdout.write(`${title} ...\n`)
  const log: string[] = []
  const onLine = (line: string) => {
    log.push(line)
    latest = line.trim()
  }
  const ended = new AbortController()
  const givenUp = new AbortController()
  const watching =
    cluster &&
    untilStuck(cluster, ended.signal).then((stuck) => {
      if (stuck.length === 0) return
      log.push(`Given up: for half a minute, no container could start in ${stuck.join(', ')}.`)
      givenUp.abort()
    })
  const work = async () => {
    for (const [program, ...args] of commands) {
      log.push(`$ ${[program, ...args].join(' ')}`)
      const { code } = await run(program, args, { onLine, signal: givenUp.signal })
      if (code !== 0 || givenUp.signal.aborted) return false // Skaffold ends with 0 when it is told to end
    }
    return true
  }
  mkdirSync(logFolder, { recursive: true })
  let done = false
  for (let attempt = 1; attempt <= attempts && !done && !givenUp.signal.aborted; attempt++) {
    if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, 3000))
    done = await work()
  }
  ended.abort()
  await watching
  clearInterval(ticker)
  if (terminal) process.stdout.write('\r\x1b[K')
  const file = join(logFolder, `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.log`)
  writeFileSync(file, `${log.join('\n')}\n`)
  if (!done) {
    process.stdout.write(`${paint('red', 'failed')}  ${title}  ${seconds(started)}\n`)
    const state = cluster ? `\n\n${await diagnose(cluster.context, cluster.namespace)}` : ''
    throw new StepError(`${log.slice(-12).join('\n')}${state}\n\nEverything it wrote: ${file}`)
  }
  process.stdout.write(`${paint('green', 'ok')}  ${title}  ${paint('dim', seconds(started))}\n`)
}

/** Runs steps to the exit code of a program: 1, with the reason on standard error, when one fails. */
export async function failSteps(steps: () => Promise<void>): Promise<number> {
  try {
    await steps()
    return 0
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    process.stderr.write(`\n${error.message}\n`)
    return 1
  }
}

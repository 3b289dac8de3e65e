import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import type { Running } from './supervisor.ts'

export interface TiedOptions {
  command: string
  args: string[]
  cwd: string
  env: NodeJS.ProcessEnv
  /** User and group to run as; this process's own when left out. */
  uid?: number
  gid?: number
  /** Ends it gently; each next one is for what did not end `stopTimeout` milliseconds after the one before. */
  stopSignals: [NodeJS.Signals, ...NodeJS.Signals[]]
  stopTimeout: number
  /** Where its output goes: each line to a function, or all to the end of a file. */
  output: ((line: string) => void) | { file: string }
}

/**
 * A shell that becomes the program, after it has left a watcher behind. Descriptor 3 is a pipe whose other end this process
 * holds: when it ends without a line, this process is gone, and the watcher sends the program the signal in $0.
 */
const tied = '( (read -r _ || kill -s "$0" $$) <&3 >/dev/null 2>&1 & ); exec "$@" 3<&-'

function untilExit(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`))
  })
}

/**
 * Starts a program that ends when this process does, also by SIGKILL. It is in a process group of its own, so that a Ctrl-C
 * reaches only this process, which then ends things in order.
 *
 * @throws Error when the system starts no process, for example because the folder is missing
 */
export async function startTied(options: TiedOptions): Promise<Running> {
  const { command, args, cwd, env, uid, gid, stopSignals, stopTimeout, output } = options
  const sink = typeof output === 'function' ? 'pipe' : openSync(output.file, 'a')
  const child = spawn('/bin/sh', ['-c', tied, stopSignals[0].replace('SIG', ''), command, ...args], {
    cwd,
    env,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    detached: true,
    stdio: ['ignore', sink, sink, 'pipe'],
  })
  if (typeof sink === 'number') closeSync(sink)
  const { pid } = child
  if (pid === undefined) {
    return new Promise((_, reject) => {
      child.once('error', (error) => reject(new Error(`${command} could not be started in ${cwd}: ${error.message}`)))
    })
  }

  const lifeline = child.stdio[3] as Writable
  lifeline.on('error', () => {})
  const exited = untilExit(child).finally(() => lifeline.end('\n'))
  if (typeof output === 'function') {
    for (const stream of [child.stdout!, child.stderr!]) createInterface({ input: stream }).on('line', output)
  }
  return {
    pid,
    exited,
    async stop() {
      let next = 0
      const signalNext = () => child.kill(stopSignals[next++])
      signalNext()
      const timer = setInterval(() => next < stopSignals.length && signalNext(), stopTimeout)
      await exited
      clearInterval(timer)
    },
  }
}

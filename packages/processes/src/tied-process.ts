import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Exit, Running } from './running.ts'

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
 * Ends a process when its input ends without a line: then this process is gone, however it went. It is this process's child
 * and not the program's, so that it is reaped also where process 1 reaps nothing, as in many containers.
 */
const watchdog = 'read -r _ || kill -s "$0" "$1"'

function untilExit(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
}

function startWatchdog(pid: number, signal: NodeJS.Signals): { dismiss(): Promise<void> } {
  const args = ['-c', watchdog, signal.replace('SIG', ''), String(pid)]
  const child = spawn('/bin/sh', args, { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve()) // then nothing watches, and what is left is ended by the next start
  })
  child.stdin.on('error', () => {})
  return {
    dismiss() {
      child.stdin.end('\n')
      return gone
    },
  }
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
  const child = spawn(command, args, {
    cwd,
    env,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    detached: true,
    stdio: ['ignore', sink, sink],
  })
  if (typeof sink === 'number') closeSync(sink)
  const { pid } = child
  if (pid === undefined) {
    return new Promise((_, reject) => {
      child.once('error', (error) => reject(new Error(`${command} could not be started in ${cwd}: ${error.message}`)))
    })
  }

  const { dismiss } = startWatchdog(pid, stopSignals[0])
  const exited = untilExit(child).finally(dismiss)
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

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'

/**
 * Runs a service as a process of its own on free ports and waits until it listens.
 *
 * @param script path of its server.ts
 */
export async function startService(script: string, env: Record<string, string> = {}, nodeArgs: string[] = []) {
  const child: ChildProcess = spawn(process.execPath, [...nodeArgs, script], {
    cwd: dirname(script),
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', MANAGEMENT_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  after(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const log: Record<string, unknown>[] = []
  const listening = Promise.withResolvers<string>()
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const entry = JSON.parse(line)
    log.push(entry)
    const managementUrl = /^Management listening at (.*)$/.exec(entry.msg)?.[1]
    if (managementUrl) listening.resolve(managementUrl)
  })
  const managementUrl = await Promise.race([
    listening.promise,
    exited.then(([code]): never => {
      throw new Error(`${script} ended with ${code}: ${JSON.stringify(log.at(-1))}`)
    }),
  ])
  const { msg } = log.find((entry) => /^Server listening/.test(String(entry.msg)))!
  return { url: String(msg).replace('Server listening at ', ''), managementUrl, child, exited, log }
}

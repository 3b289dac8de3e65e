import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Runs a service as a process of its own on free ports and waits until it listens.
 *
 * @param script path of its server.ts
 */
export async function startService(script: string, env: Record<string, string> = {}, nodeArgs: string[] = []) {
  const managementPort = await freePort()
  const child: ChildProcess = spawn(process.execPath, [...nodeArgs, script], {
    cwd: dirname(script),
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', MANAGEMENT_PORT: String(managementPort), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  after(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const log: Record<string, unknown>[] = []
  const listening = Promise.withResolvers<string>()
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const entry = JSON.parse(line)
    log.push(entry)
    const url = /^Server listening at (.*)$/.exec(entry.msg)?.[1]
    if (url) listening.resolve(url)
  })
  const url = await Promise.race([
    listening.promise,
    exited.then(([code]): never => {
      throw new Error(`${script} ended with ${code}: ${JSON.stringify(log.at(-1))}`)
    }),
  ])
  return { url, managementUrl: `http://127.0.0.1:${managementPort}`, child, exited, log }
}

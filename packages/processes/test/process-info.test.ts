import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { freePort, isPortTaken } from '../src/ports.ts'
import { endProcess, findListener, findProcess, memoryTaken } from '../src/process-info.ts'

test('knows a process by its id, until it has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'a-mark'])
  const exit = once(child, 'exit')
  await once(child, 'spawn')
  const found = findProcess(child.pid!)
  assert.equal(found?.parent, process.pid)
  await endProcess(child.pid!, ['SIGTERM', 'SIGKILL'])
  await exit
  assert.equal(findProcess(child.pid!), undefined)
})

test('adds up the memory of a process and its descendants', async (t) => {
  const alone = memoryTaken([process.pid])
  const bytes = 2 ** 27
  const program = `const own = Buffer.alloc(${bytes}, 1); console.log(own.length); setInterval(() => own, 1000)`
  const child = spawn(process.execPath, ['-e', program])
  t.after(() => child.kill())
  await once(child.stdout, 'data')
  const both = memoryTaken([process.pid])
  assert.ok(both - alone > 0.9 * bytes, `${both} - ${alone} is not about ${bytes}`)
  assert.equal(memoryTaken([]), 0)
})

test('finds who listens on a port', async (t) => {
  const port = await freePort()
  assert.equal(findListener(port), undefined)
  assert.equal(await isPortTaken(port), false)
  const server = createServer().listen(port, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  assert.equal(findListener(port)?.pid, process.pid)
  assert.equal(await isPortTaken(port), true)
})

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { divertUpstream } from '../src/divert-upstream.ts'
import type { Inject } from '../src/injection.ts'

/** Between two times that the order service forgets, in milliseconds. */
const forgetEvery = 50

export const injectBlackHole: Inject = (fault, { app }) => {
  const divert = divertUpstream(fault, app, 'product')
  fault.whileOn(async (signal) => {
    const taken = new Set<Socket>()
    const hole = createServer((socket) => {
      taken.add(socket)
      // Read, so that its end is heard of; who gives up may reset it.
      socket
        .resume()
        .on('error', () => {})
        .on('close', () => taken.delete(socket))
    })
    hole.listen(0, '127.0.0.1')
    await once(hole, 'listening')
    try {
      await divert(`http://127.0.0.1:${(hole.address() as AddressInfo).port}`, signal)
    } finally {
      hole.close()
      for (const socket of taken) socket.destroy()
    }
  })
  // A product that is remembered is not asked for.
  fault.whileOn(async (signal) => {
    for (; !signal.aborted; await delay(forgetEvery))
      app.getDecorator<Map<string, unknown>>('rememberedProducts').clear()
  })
}

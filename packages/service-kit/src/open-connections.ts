import type { Server, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Watches the connections of a server, for what `server.close` waits for in vain. */
export function watchConnections(server: Server) {
  const open = new Set<Socket>()
  let latest = 0
  server.on('connection', (socket) => {
    latest = performance.now()
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return {
    /** Resolves when nobody has connected for `quiet` milliseconds from now on, and at the latest after `limit`. */
    async untilQuiet(quiet: number, limit: number) {
      const began = performance.now()
      for (;;) {
        const end = Math.min(Math.max(began, latest) + quiet, began + limit)
        const left = end - performance.now()
        if (left <= 0) return
        await delay(Math.ceil(left))
      }
    },

    /** Ends those on which nothing was ever sent, such as browsers open in advance; Node takes them for busy. */
    endUnused() {
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    },

    /** Ends them all, and the requests on them as `reason` says; resolves when they have ended. */
    async endAll(reason: Error) {
      await Promise.all(
        Array.from(open, (socket) => {
          const closed = new Promise((resolve) => socket.once('close', resolve))
          socket.destroy(reason)
          return closed
        }),
      )
    },
  }
}

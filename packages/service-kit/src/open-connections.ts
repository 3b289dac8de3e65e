import type { Server, Socket } from 'node:net'

/** Watches the connections of a server, for what `server.close` waits for in vain. */
export function watchConnections(server: Server) {
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return {
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

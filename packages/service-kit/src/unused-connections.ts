import type { Server, Socket } from 'node:net'

/**
 * Watches for connections on which nothing was ever sent, such as those that browsers open in advance. Node takes them for
 * busy, so that `server.close` waits for them.
 *
 * @returns ends those there are at the moment
 */
export function watchUnusedConnections(server: Server): () => void {
  const open = new Set<Socket>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }
}

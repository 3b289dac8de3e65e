import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** What was posted, as JSON, by the path to which it was. */
export interface Posted {
  path: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever a sender makes of it
  body: any
}

/** What is read, or nothing where its sender was ended while it sent: a test may end Alertmanager at any time. */
const whole = <T>(read: Promise<T>) => read.catch(() => undefined)

/** A web server on this machine that keeps what is posted to it. */
export async function catchPosts() {
  const posted: Posted[] = []
  const server = createServer(async (request, response) => {
    const body = await whole(text(request))
    if (body === undefined) return
    posted.push({ path: request.url!, body: JSON.parse(body) })
    response.end('ok')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  return { posted, address: `http://127.0.0.1:${port}`, close }
}

/** An SMTP server on this machine that lets one account in and keeps its mail. */
export async function catchMail(account: { username: string; password: string }) {
  const mail: { to: string[]; email: Email }[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      const known = username === account.username && password === account.password
      done(known ? null : new Error('Wrong password'), known ? { user: username } : undefined)
    },
    onData: async (stream, { envelope }, done) => {
      const message = await whole(buffer(stream))
      if (message === undefined) return
      mail.push({
        to: envelope.rcptTo.map(({ address }) => address),
        email: await PostalMime.parse(message),
      })
      done()
    },
  })
  // Who sends may be ended while it does.
  server.on('error', () => {})
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.server.address() as AddressInfo
  const close = () => new Promise<void>((resolve) => server.close(resolve))
  return { mail, smarthost: `127.0.0.1:${port}`, close }
}

import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'

export interface PoliteAnswer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/**
 * A client with one connection that it keeps, and that it gives up when an answer says `connection: close` or 503.
 *
 * @returns `loop`, which asks again and again until told to go, and resolves with all answers; it rejects when a request
 * fails in any other way; and `answered`, which resolves when there are so many, and rejects when there will not be
 */
export function politeClient(url: string, { method = 'POST', body = '{"n":1}' } = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const answers: PoliteAnswer[] = []
  let ended = false

  async function ask(): Promise<PoliteAnswer> {
    const sent = request(url, {
      agent,
      method,
      headers: body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {},
    })
    const response = Promise.withResolvers<PoliteAnswer>()
    sent.on('error', response.reject)
    sent.on('response', (incoming) =>
      text(incoming).then(
        (body) => response.resolve({ status: incoming.statusCode!, headers: incoming.headers, body }),
        response.reject,
      ),
    )
    sent.end(body)
    return response.promise
  }

  return {
    async answered(count: number): Promise<void> {
      while (answers.length < count) {
        if (ended) throw new Error(`The last of ${answers.length} answers was ${answers.at(-1)?.status}.`)
        await delay(10)
      }
    },
    async loop(isOver = () => false): Promise<PoliteAnswer[]> {
      try {
        while (!isOver()) {
          const answer = await ask()
          answers.push(answer)
          if (answer.headers.connection === 'close' || answer.status === 503) break
        }
      } finally {
        ended = true
        agent.destroy()
      }
      return answers
    },
  }
}

import type { Readable } from 'node:stream'
import fastifyPlugin from 'fastify-plugin'
import { defineProblem } from './problem.ts'

const tooLarge = defineProblem('body-too-large', { status: 413, title: 'Body too large' })
const incomplete = defineProblem('invalid-request', { status: 400, title: 'Invalid request' })

/**
 * A request's body on its way to an upstream: handed on as it arrives, and remembered, so that it can be sent again. That
 * takes no more memory than the limit, which the upstream needs as well.
 */
export class RequestBody implements AsyncIterable<Buffer> {
  readonly #payload: Readable
  readonly #limit: number
  readonly #source: AsyncIterator<Buffer>
  readonly #chunks: Buffer[] = []
  #size = 0
  #ended = false
  #reading: Promise<void> | undefined

  constructor(payload: Readable, limit: number) {
    this.#payload = payload
    this.#limit = limit
    this.#source = payload.iterator({ destroyOnReturn: false })
  }

  /** @throws Problem 413 over the limit, 400 when the client broke off */
  async *[Symbol.asyncIterator]() {
    for (let next = 0; ; next++) {
      while (next === this.#chunks.length && !this.#ended) {
        this.#reading ??= this.#read()
        await this.#reading
      }
      if (next === this.#chunks.length) return
      yield this.#chunks[next]!
    }
  }

  async #read() {
    const { value, done } = await this.#source.next().catch((cause: Error) => {
      throw Object.assign(incomplete('The body broke off.'), { cause })
    })
    if (done) this.#ended = true
    else {
      this.#size += value.length
      if (this.#size > this.#limit) {
        this.#payload.resume()
        throw bodyTooLarge(this.#limit)
      }
      this.#chunks.push(value)
    }
    this.#reading = undefined
  }
}

function bodyTooLarge(limit: number) {
  return tooLarge(`The body has more than ${limit} bytes, the most that is taken.`)
}

/**
 * Gives the routes of a scope their bodies unparsed, as `RequestBody`, up to the app's `bodyLimit`.
 *
 * @param contentType what is taken; anything else is answered with 415
 */
export const requestBodyPlugin = fastifyPlugin<{ contentType: string }>(
  async (app, { contentType }) => {
    const limit = app.initialConfig.bodyLimit!
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(contentType, (request, payload, done) => {
      if (Number(request.headers['content-length']) > limit) done(bodyTooLarge(limit), undefined)
      else done(null, new RequestBody(payload as Readable, limit))
    })
  },
  { name: 'request-body' },
)

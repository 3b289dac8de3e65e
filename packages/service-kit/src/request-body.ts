import type { Readable } from 'node:stream'
import fastifyPlugin from 'fastify-plugin'
import { bodyTooLarge, invalidRequest, requestTimeout } from './problems.ts'

/** Up to so many bytes a body of announced length is passed on whole, request's and answer's alike. */
export const smallBody = 64 * 1024

const brokeOff = (cause: Error) => Object.assign(invalidRequest('The body broke off.'), { cause })

/** 408: what a body that does not arrive in time is answered with. */
export const bodyLate = () => requestTimeout('The body did not arrive in time.', {}, { connection: 'close' })

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
  #discarded = false
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
        if (this.#discarded) throw invalidRequest('The body was not wanted to its end.')
      }
      if (next === this.#chunks.length) return
      yield this.#chunks[next]!
    }
  }

  async #read() {
    const { value, done } = await this.#source.next().catch((cause: Error) => {
      throw brokeOff(cause)
    })
    if (done) this.#ended = true
    else {
      this.#size += value.length
      if (this.#size > this.#limit) throw tooLarge(this.#limit)
      this.#chunks.push(value)
    }
    this.#reading = undefined
  }

  /** Reads what is still to come and forgets it, so that the client's connection can carry its next request. */
  async discard() {
    if (this.#ended) return
    this.#discarded = true
    await this.#source.return!()
    this.#payload.resume()
  }
}

function tooLarge(limit: number) {
  return bodyTooLarge(`The body has more than ${limit} bytes, the most that is taken.`)
}

function readWhole(payload: Readable, timeout: number, done: (error: Error | null, body?: Buffer) => void) {
  const chunks: Buffer[] = []
  const onData = (chunk: Buffer) => void chunks.push(chunk)
  const onEnd = () => finish(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
  const onError = (cause: Error) => finish(brokeOff(cause))
  const timer = setTimeout(() => finish(bodyLate()), timeout)
  payload.on('data', onData).on('end', onEnd).on('error', onError)

  function finish(error: Error | null, body?: Buffer) {
    clearTimeout(timer)
    payload.off('data', onData).off('end', onEnd).off('error', onError)
    done(error, body)
  }
}

interface RequestBodyOptions {
  /** What is taken; anything else is answered with 415. */
  contentType: string
  /** Most time that a body which is read whole may take to arrive, in milliseconds. */
  timeout: number
}

/**
 * Gives the routes of a scope their bodies unparsed, up to the app's `bodyLimit`: a small one of announced length as a Buffer,
 * any other as `RequestBody`.
 */
export const requestBodyPlugin = fastifyPlugin<RequestBodyOptions>(
  async (app, { contentType, timeout }) => {
    const limit = app.initialConfig.bodyLimit!
    app.removeAllContentTypeParsers()
    app.addContentTypeParser(contentType, ({ headers }, payload, done) => {
      if (Number(headers['content-length']) <= Math.min(smallBody, limit)) readWhole(payload as Readable, timeout, done)
      else done(null, new RequestBody(payload as Readable, limit))
    })
    // Not in the parser: after its errors Fastify closes the connection, and who still sends would not see the answer.
    app.addHook('preHandler', (request, _reply, done) => {
      done(Number(request.headers['content-length']) > limit ? tooLarge(limit) : undefined)
    })
  },
  { name: 'request-body' },
)

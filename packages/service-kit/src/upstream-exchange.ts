import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { smallBody } from './request-body.ts'

/** What an upstream answered, of whatever status. */
export interface UpstreamAnswer {
  statusCode: number
  headers: IncomingHttpHeaders
  /**
   * Whole when its length was announced and is at most 64 KiB, so that a small answer that breaks off counts as no answer;
   * otherwise a stream, which must be read to its end or destroyed.
   */
  body: Buffer | Readable
}

/**
 * One request and its answer, as undici's dispatcher reports them. Small answers come in one piece: without a stream in
 * between a proxied request costs a third less (docs/adr/0002-gateway.md).
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<UpstreamAnswer>
  /** Whether anything was written to the upstream. */
  started = false
  /** Whether the request was written to its end. */
  sent = false
  /** Called when the request was written to its end. */
  onSent: (() => void) | undefined

  readonly #method: string
  readonly #resolve: (answer: UpstreamAnswer) => void
  readonly #reject: (error: Error) => void
  #controller: Dispatcher.DispatchController | undefined
  #aborted: Error | undefined
  #head: Omit<UpstreamAnswer, 'body'> | undefined
  #chunks: Buffer[] | undefined
  #stream: Readable | undefined

  constructor(method: string) {
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamAnswer>()
    this.#method = method
    this.answer = promise
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Ends the exchange, also while it waits for a connection. */
  abort(reason: Error) {
    this.#aborted = reason
    this.#controller?.abort(reason)
    this.#reject(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController) {
    if (this.#aborted) return controller.abort(this.#aborted)
    this.#controller = controller
    this.started = true
  }

  onRequestSent() {
    this.sent = true
    this.onSent?.()
  }

  onResponseStart(controller: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders) {
    if (statusCode < 200) return
    this.#head = { statusCode, headers }
    const bodyless = this.#method === 'HEAD' || statusCode === 204 || statusCode === 304
    if (bodyless || Number(headers['content-length']) <= smallBody) {
      this.#chunks = []
      return
    }
    this.#stream = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        if (!this.#stream!.readableEnded) controller.abort(error ?? new Error('the answer was not wanted to its end'))
        done(error)
      },
    })
    this.#resolve({ ...this.#head, body: this.#stream })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer) {
    if (this.#chunks) this.#chunks.push(chunk)
    else if (!this.#stream!.push(chunk)) controller.pause()
  }

  onResponseEnd() {
    if (this.#stream) {
      this.#stream.push(null)
      return
    }
    const chunks = this.#chunks!
    this.#resolve({ ...this.#head!, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error) {
    if (this.#stream) this.#stream.destroy(error)
    else this.#reject(error)
  }
}

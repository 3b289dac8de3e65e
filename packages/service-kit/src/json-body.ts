import { isUtf8 } from 'node:buffer'
import fastifyPlugin from 'fastify-plugin'
import { invalidRequest, unsupportedMediaType } from './problems.ts'

const byteOrderMark = '\ufeff'
const text = /"(?:[^"\\]|\\.)*"/g
const loneSurrogate = 'The body has an unpaired surrogate, which no text can hold.'

/**
 * What `value`, parsed from `json`, has lost or cannot hold: of two members with one name the first is gone, and half of a
 * surrogate pair becomes U+FFFD wherever it is stored (RFC 7493, 2.1 and 2.3).
 *
 * @returns what is wrong, or undefined
 */
function flaw(json: string, value: unknown): string | undefined {
  let members = 0
  const unseen = [value]
  while (unseen.length > 0) {
    const next = unseen.pop()
    if (typeof next === 'string' && !next.isWellFormed()) return loneSurrogate
    if (typeof next !== 'object' || next === null) continue
    if (Array.isArray(next)) {
      for (const item of next) unseen.push(item)
      continue
    }
    for (const name in next) {
      if (!name.isWellFormed()) return loneSurrogate
      members++
      unseen.push((next as Record<string, unknown>)[name])
    }
  }
  // Outside of texts a colon only ever follows a member's name.
  const written = json.replace(text, '').split(':').length - 1
  return written === members ? undefined : 'The body has an object with two members of one name.'
}

/** Reads JSON bodies strictly (RFC 8259, RFC 7493) and no others: what cannot be kept as it was sent is refused with 400. */
export const jsonBodyPlugin = fastifyPlugin(
  async (app) => {
    const parse = app.getDefaultJsonParser('error', 'error')
    app.removeAllContentTypeParsers()
    app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
      const encoding = request.headers['content-encoding'] ?? 'identity'
      if (encoding !== 'identity') {
        return done(
          unsupportedMediaType('The body is encoded; send it as it is.', {}, { 'accept-encoding': 'identity' }),
        )
      }
      if (!isUtf8(bytes)) return done(invalidRequest('The body is not UTF-8.'))
      const json = bytes.toString()
      if (json.startsWith(byteOrderMark))
        return done(invalidRequest('The body starts with a byte order mark; leave it out.'))
      parse(request, json, (error, value) => {
        const wrong = error ? undefined : flaw(json, value)
        done(wrong ? invalidRequest(wrong) : error, value)
      })
    })
  },
  { name: 'json-body' },
)

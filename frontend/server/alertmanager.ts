import { Readable } from 'node:stream'
import { badGateway, gatewayTimeout, serviceUnavailable } from '@hello/service-kit/problems'
import { createUpstream, type UpstreamOptions, type UpstreamRequest } from '@hello/service-kit/upstream'
import { UpstreamError } from '@hello/service-kit/upstream-error'
import { type GivenAlert, type GivenSilence, givenAlerts, givenSilences, silenceMade } from './alertmanager-answers.ts'
import { silenceNotFound, silenceRefused } from './problems.ts'

/** Most bytes of an answer: some two thousand alerts with all that is written about them. */
const maxBytes = 4 * 1024 * 1024

/** A silence as Alertmanager takes it, from now on. */
export interface WantedSilence {
  labels: Record<string, string>
  minutes: number
  createdBy: string
  comment: string
}

interface Schema<T> {
  Check(value: unknown): value is T
}

function unreadable(cause?: unknown) {
  const advice = 'ALERTMANAGER_URL has to name one with the API v2.'
  return Object.assign(badGateway(`Alertmanager answered what cannot be read. ${advice}`), { cause })
}

function noAnswer(cause: UpstreamError, writes: boolean) {
  const advice =
    writes && cause.maybeProcessed ? 'Look at the silences before you ask again.' : 'Try again in a moment.'
  const late = cause.failure === 'timeout' || cause.failure === 'caller-deadline'
  const problem = late
    ? gatewayTimeout(`Alertmanager did not answer in time. ${advice}`)
    : serviceUnavailable(`Alertmanager is away. ${advice}`, {}, { 'retry-after': '5' })
  return Object.assign(problem, { cause })
}

async function textOf(body: Buffer | Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body instanceof Readable ? body : [body]) {
    size += chunk.length
    if (size > maxBytes) throw badGateway(`Alertmanager answered with more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

interface AlertmanagerOptions extends Required<Pick<UpstreamOptions, 'url' | 'observer'>> {
  /** Milliseconds until there is an answer. */
  timeout: number
}

/** Opens what the shop asks of Alertmanager (its API v2), and no more. Whatever goes wrong there is a Problem here. */
export function openAlertmanager({ url, observer, timeout }: AlertmanagerOptions) {
  const { origin, pathname } = new URL(url)
  const api = `${pathname.replace(/\/$/, '')}/api/v2`
  const upstream = createUpstream({ name: 'alertmanager', url: origin, attemptTimeout: timeout, observer })

  async function ask({ path, ...rest }: Pick<UpstreamRequest, 'method' | 'path' | 'body' | 'headers'>) {
    const request = { ...rest, path: api + path, deadline: Date.now() + timeout, repeatable: false }
    try {
      const { statusCode, body } = await upstream.request(request)
      return { statusCode, text: await textOf(body) }
    } catch (error) {
      throw error instanceof UpstreamError ? noAnswer(error, rest.method !== 'GET') : error
    }
  }

  /** @throws Problem 502 when the text is not what the schema says */
  function read<T>(schema: Schema<T>, text: string): T {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      throw unreadable(error)
    }
    if (!schema.Check(value)) throw unreadable()
    return value
  }

  async function get<T>(path: string, schema: Schema<T>): Promise<T> {
    const { statusCode, text } = await ask({ method: 'GET', path })
    if (statusCode !== 200) throw unreadable(new Error(`${statusCode}: ${text.slice(0, 500)}`))
    return read(schema, text)
  }

  return {
    alerts: (): Promise<GivenAlert[]> => get('/alerts', givenAlerts),

    /** Those that hold now or are to begin. */
    async silences(): Promise<GivenSilence[]> {
      const all = await get('/silences', givenSilences)
      return all.filter(({ status }) => status.state !== 'expired')
    },

    /**
     * Silences exactly the alert with these labels.
     *
     * @returns the silence's id
     */
    async silence({ labels, minutes, createdBy, comment }: WantedSilence): Promise<string> {
      const now = Date.now()
      const matchers = Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true }))
      const { statusCode, text } = await ask({
        method: 'POST',
        path: '/silences',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ matchers, createdBy, comment },
          startsAt: new Date(now).toISOString(),
          endsAt: new Date(now + minutes * 60_000).toISOString(),
        }),
      })
      if (statusCode >= 400 && statusCode < 500) throw silenceRefused(`Alertmanager says: ${text.slice(0, 500)}`)
      if (statusCode !== 200) throw unreadable(new Error(`${statusCode}: ${text.slice(0, 500)}`))
      return read(silenceMade, text).silenceID
    },

    /** Ends a silence; once more is the same. */
    async endSilence(id: string): Promise<void> {
      const { statusCode, text } = await ask({ method: 'DELETE', path: `/silence/${id}` })
      if (statusCode === 404) throw silenceNotFound('There is no such silence; GET /alerts/api/silences lists them.')
      if (statusCode !== 200) throw unreadable(new Error(`${statusCode}: ${text.slice(0, 500)}`))
    },

    close: () => upstream.close(),
  }
}

import { createUpstream, type UpstreamOptions } from '@hello/service-kit/upstream'
import { UpstreamError } from '@hello/service-kit/upstream-error'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'

const Texts = Type.Record(Type.String(), Type.String())

// What is read of https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
const GivenAlert = Type.Object({
  fingerprint: Type.String(),
  labels: Texts,
  annotations: Texts,
  startsAt: Type.String(),
  status: Type.Object({ state: Type.String() }),
})
export type GivenAlert = Static<typeof GivenAlert>

const givenAlerts = Compile(Type.Array(GivenAlert))

/** An alert as Alertmanager takes it. */
export interface PostedAlert {
  labels: Record<string, string>
  annotations: Record<string, string>
  /** ISO 8601. */
  endsAt: string
}

export interface Alertmanager {
  /**
   * All that fire, also those that are silenced.
   *
   * @throws UpstreamError when Alertmanager gives no answer, or none that can be read
   */
  firing(): Promise<GivenAlert[]>
  /** @throws UpstreamError when the alert was not taken */
  post(alert: PostedAlert): Promise<void>
}

/** Milliseconds until there is an answer: twice this and an action are less than the ten seconds from alert to action. */
const timeout = 2000

/** Opens what the healer asks of Alertmanager (its API v2), and no more; closes with the app. */
export function openAlertmanager({ url, observer }: Required<Pick<UpstreamOptions, 'url' | 'observer'>>) {
  const { origin, pathname } = new URL(url)
  const path = `${pathname.replace(/\/$/, '')}/api/v2/alerts`
  const upstream = createUpstream({ name: 'alertmanager', url: origin, attemptTimeout: timeout, observer })
  const bad = (cause: unknown) => new UpstreamError('alertmanager', 'bad-answer', true, { cause })
  const request = { path, repeatable: true }
  return {
    async firing() {
      const { statusCode, body } = await upstream.requestJson({
        ...request,
        method: 'GET',
        deadline: Date.now() + timeout,
      })
      if (statusCode !== 200) throw bad(new Error(`It answered ${statusCode}.`))
      if (!givenAlerts.Check(body)) throw bad(new Error('ALERTMANAGER_URL has to name one with the API v2.'))
      return body
    },
    async post(alert) {
      const { statusCode } = await upstream.request({
        ...request,
        method: 'POST',
        deadline: Date.now() + timeout,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([alert]),
      })
      if (statusCode !== 200) throw bad(new Error(`It answered ${statusCode}.`))
    },
    close: () => upstream.close(),
  } satisfies Alertmanager & { close(): Promise<void> }
}

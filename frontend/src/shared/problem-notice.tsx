import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ApiError } from './api-error.ts'
import { appConfigOptions } from './app-config.ts'
import { useLanguage } from './language.tsx'
import type { en } from './messages-en.ts'
import { problemDetailKo } from './problem-details-ko.ts'
import { SignInLink } from './sign-in-link.tsx'
import { traceUrl } from './signal-links.ts'

type Props = {
  error: Error
  /** What happened, when the place knows better than the status code. */
  headline?: string
  /** Replaces the notice's advice. */
  hint?: string
  /** What the page shows still holds, so nobody needs to be interrupted. */
  mild?: boolean
  children?: ReactNode
}

/** An error as a person can use it: what happened, what to do next, the service's own words, and the trace to look at. */
export function ProblemNotice({ error, headline, hint, mild = false, children }: Props) {
  const { t, language } = useLanguage()
  const said = describe(error, t.problem)
  const translated = language === 'ko' && error instanceof ApiError ? problemDetailKo(error.problem) : undefined
  const detail = translated ?? (error instanceof ApiError ? error.problem.detail : error.message)
  const traceId = error instanceof ApiError ? error.traceId : undefined
  return (
    <div className="notice" data-kind={mild ? 'pending' : 'error'} role={mild ? 'status' : 'alert'}>
      <p className="notice-headline">{headline ?? said.headline}</p>
      {(hint ?? said.hint) && <p>{hint ?? said.hint}</p>}
      {detail && !headline && (
        <p className="notice-detail" lang={translated ? 'ko' : 'en'}>
          {detail}
        </p>
      )}
      {error instanceof ApiError && error.status === 401 && <SignInLink />}
      {traceId && <TraceReference traceId={traceId} />}
      {children}
    </div>
  )
}

function TraceReference({ traceId }: { traceId: string }) {
  const { t } = useLanguage()
  const { data: config } = useQuery(appConfigOptions)
  const [copied, setCopied] = useState(false)
  const url = traceUrl(config, traceId)
  return (
    <p className="trace" aria-live="off">
      {t.problem.trace}
      <code>
        {url ? (
          <a href={url} aria-label={t.problem.openTrace(traceId)}>
            {traceId}
          </a>
        ) : (
          traceId
        )}
      </code>
      <button
        type="button"
        className="link-button"
        onClick={() => navigator.clipboard.writeText(traceId).then(() => setCopied(true))}
      >
        {copied ? t.problem.copied : t.problem.copyTrace}
      </button>
    </p>
  )
}

function describe(error: Error, t: typeof en.problem): { headline: string; hint?: string } {
  if (!(error instanceof ApiError)) return { headline: t.unexpected }
  switch (error.status) {
    case 0:
      return { headline: t.noAnswer, hint: t.noAnswerHint }
    case 401:
      return { headline: t.signInFirst }
    case 403:
      return { headline: t.notAllowed, hint: t.notAllowedHint }
    case 404:
      return { headline: t.notFound }
    case 429:
      return { headline: t.tooMany, hint: t.tooManyHint(String(error.retryAfterSeconds ?? 1)) }
    case 502:
    case 503:
    case 504:
      return { headline: t.unavailable, hint: t.unavailableHint }
    default:
      return error.status < 500 ? { headline: t.invalid } : { headline: t.internal, hint: t.internalHint }
  }
}

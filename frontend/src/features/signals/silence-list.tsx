import type { Silence } from '@hello/shop/api/alert'
import { useQuery } from '@tanstack/react-query'
import { isTransient } from '../../shared/api-error.ts'
import { appConfigOptions } from '../../shared/app-config.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { useEndSilence } from './alerts-api.ts'
import { useSignalsLanguage } from './use-signals-language.ts'

/** The silences that hold or are to begin, whoever made them. */
export function SilenceList({ silences, announce }: { silences: Silence[]; announce: (text: string) => void }) {
  const { t, count, time } = useSignalsLanguage()
  const { data: config } = useQuery(appConfigOptions)
  const end = useEndSilence()
  return (
    <section className="alert-group">
      <h2>
        {t.silence.heading} <span className="muted">{count(silences.length)}</span>
      </h2>
      {end.error && <ProblemNotice error={end.error} {...(isTransient(end.error) && { hint: t.silence.unknown })} />}
      <ul className="panel silences">
        {silences.map(({ id, matchers, createdBy, comment, until }) => (
          <li key={id}>
            <div className="silence-facts">
              <p className="alert-labels">
                {matchers.map((matcher) => (
                  <code key={matcher}>{matcher}</code>
                ))}
              </p>
              <p>{comment}</p>
              <p className="muted">
                {createdBy} · <time dateTime={until}>{t.silence.until(time(new Date(until)))}</time>
              </p>
            </div>
            {config?.silences && (
              <button
                type="button"
                aria-label={t.silence.endOf(matchers.join(', '))}
                aria-disabled={end.isPending}
                onClick={() => end.isPending || end.mutate(id, { onSuccess: () => announce(t.silence.ended) })}
              >
                {t.silence.end}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

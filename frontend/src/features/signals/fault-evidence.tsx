import type { Fault } from '@hello/shop/api/fault'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { type AppConfig, appConfigOptions } from '../../shared/app-config.ts'
import { exploreUrl, foundTracesUrl } from '../../shared/signal-links.ts'
import { useFaultMessages } from './use-fault-messages.ts'

/** How long before now is looked at while the fault is off. */
const BEFORE_MS = 15 * 60_000

function urlOf(config: AppConfig | undefined, { kind, query }: Fault['evidence'][number], from: number) {
  if (kind === 'trace') return foundTracesUrl(config, JSON.parse(query), from)
  return exploreUrl(config, kind === 'promql' ? 'prometheus' : 'loki', query, { from: String(from), to: 'now' })
}

/** The queries that show a fault while it is on, each with what it shows and a link to where it is asked. */
export function FaultEvidence({ fault: { evidence, on } }: { fault: Fault }) {
  const { t, language } = useFaultMessages()
  const { data: config } = useQuery(appConfigOptions)
  const from = on ? Date.parse(on.since) : Date.now() - BEFORE_MS
  return (
    <ul className="fault-evidence">
      {evidence.map((one) => {
        const url = urlOf(config, one, from)
        const shows = one.shows[language]
        const named = { children: t.look[one.kind], 'aria-label': t.lookAt(t.look[one.kind], shows) }
        return (
          <li key={one.query}>
            <p>{shows}</p>
            <pre>{one.query}</pre>
            {url && (url.startsWith('/') ? <Link to={url} {...named} /> : <a href={url} {...named} />)}
          </li>
        )
      })}
    </ul>
  )
}

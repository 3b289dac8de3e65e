import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { SegmentedControl } from '../../shared/segmented-control.tsx'
import { SelectField, ServiceField, TextField, useFilters, useServices } from './filters.tsx'
import { useLive } from './live.tsx'
import { ServiceMark, serviceColour } from './service-mark.tsx'
import { listTraces, type TraceSummary } from './signals-api.ts'
import { TraceStatus } from './trace-status.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

const filters = ['service', 'route', 'status', 'minDuration', 'orderId', 'text'] as const

/** The traces that match the filters, the newest first. */
export function TracesView() {
  const { t, count } = useSignalsLanguage()
  const { refetchInterval } = useLive()
  const { values, set, active, clear } = useFilters(filters)
  const traces = useQuery({ ...listTraces(values), refetchInterval })
  const routes = useServices()
    .filter(({ service }) => !values.service || service === values.service)
    .flatMap((service) => service.routes)
  const { traces: shown = [], matched = 0 } = traces.data ?? {}
  const longest = Math.max(...shown.map(({ duration }) => duration))
  return (
    <>
      <search className="filters">
        <ServiceField value={values.service} onChange={(value) => set('service', value)} />
        <SelectField label={t.tracesView.route} value={values.route} onChange={(value) => set('route', value)}>
          <option value="">{t.tracesView.anyRoute}</option>
          {[...new Set([...routes, ...(values.route ? [values.route] : [])])].sort().map((route) => (
            <option key={route}>{route}</option>
          ))}
        </SelectField>
        <TextField
          type="number"
          label={t.tracesView.slowerThan}
          value={values.minDuration}
          onChange={(value) => set('minDuration', value)}
        />
        <TextField label={t.orderId} value={values.orderId} onChange={(value) => set('orderId', value)} />
        <TextField label={t.text} value={values.text} onChange={(value) => set('text', value)} />
        <div className="field">
          <span className="field-name">{t.tracesView.status}</span>
          <SegmentedControl
            legend={t.tracesView.status}
            value={values.status ?? ''}
            onChange={(value) => set('status', value)}
            options={[
              { value: '', label: t.tracesView.anyStatus },
              { value: 'ok', label: t.tracesView.ok },
              { value: 'error', label: t.tracesView.failed },
            ]}
          />
        </div>
      </search>
      <div className="found">
        <p className="muted" role="status">
          {traces.data && t.matched(count(shown.length), count(matched))}
        </p>
        {active && (
          <button type="button" className="link-button" onClick={clear}>
            {t.clear}
          </button>
        )}
      </div>
      <QueryProblem query={traces} />
      {traces.data && shown.length === 0 && (
        <div className="empty">
          <p>{t.tracesView.empty}</p>
          <p>{t.tracesView.emptyHint}</p>
        </div>
      )}
      {shown.length > 0 && (
        <div className="panel scrolls">
          <table className="traces">
            <thead>
              <tr>
                <th scope="col">{t.tracesView.started}</th>
                <th scope="col">{t.tracesView.trace}</th>
                <th scope="col">{t.tracesView.status}</th>
                <th scope="col">{t.tracesView.duration}</th>
                <th scope="col" className="number">
                  {t.tracesView.spans}
                </th>
                <th scope="col">{t.tracesView.services}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((trace) => (
                <TraceRow key={trace.traceId} trace={trace} longest={longest} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

function TraceRow({ trace, longest }: { trace: TraceSummary; longest: number }) {
  const { t, count, duration, preciseClock } = useSignalsLanguage()
  return (
    <tr>
      <td className="nowrap muted">{preciseClock(trace.start / 1000)}</td>
      <th scope="row">
        <Link to={`/signals/traces/${trace.traceId}`}>
          <ServiceMark service={trace.service} />{' '}
          <span className="trace-name">{trace.name ?? t.tracesView.unnamed}</span>
        </Link>
      </th>
      <td>
        <TraceStatus trace={trace} />
      </td>
      <td className="trace-duration">
        <span>{duration(trace.duration)}</span>
        <span className="trace-length" style={{ width: `${(100 * trace.duration) / longest}%` }} aria-hidden="true" />
      </td>
      <td className="number">{count(trace.spanCount)}</td>
      <td>
        <span className="service-shares" title={trace.services.map(({ service }) => service).join(', ')}>
          {trace.services.map(({ service, spanCount }) => (
            <span key={service} className="service-share" style={{ ...serviceColour(service), flexGrow: spanCount }}>
              <span className="visually-hidden">{service} </span>
            </span>
          ))}
        </span>
      </td>
    </tr>
  )
}

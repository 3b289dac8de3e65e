import type { TraceSummary } from '@hello/signals-api/trace'
import { Link } from 'react-router'
import { ServiceMark, serviceColour } from './service-mark.tsx'
import { TraceStatus } from './trace-status.tsx'
import { useSignalsLanguage } from './use-signals-language.ts'

export const traceColumns = ['start', 'name', 'route', 'status', 'duration', 'spans', 'service'] as const
export type TraceColumn = (typeof traceColumns)[number]
export type TraceOrder = { by: TraceColumn; descending: boolean }

type Props = {
  traces: TraceSummary[]
  order: TraceOrder
  onOrder: (by: TraceColumn) => void
  /** The trace that another one is to be compared with. */
  chosen: string | null
  onChoose: (traceId: string) => void
}

/** Traces in a table that its headings sort. */
export function TraceTable({ traces, order, onOrder, chosen, onChoose }: Props) {
  const { t } = useSignalsLanguage()
  const longest = Math.max(...traces.map(({ duration }) => duration))
  return (
    <div className="panel scrolls">
      <table className="traces stacks">
        <thead>
          <tr>
            {traceColumns.map((column) => (
              <th
                key={column}
                scope="col"
                aria-sort={order.by !== column ? undefined : order.descending ? 'descending' : 'ascending'}
              >
                <button type="button" className="sort-button" onClick={() => onOrder(column)}>
                  {t.tracesView.columns[column]}
                </button>
              </th>
            ))}
            <th scope="col">{t.orderId}</th>
            <th scope="col">{t.compare.choose}</th>
          </tr>
        </thead>
        <tbody>
          {traces.map((trace) => (
            <TraceRow
              key={trace.traceId}
              trace={trace}
              longest={longest}
              chosen={trace.traceId === chosen}
              onChoose={() => onChoose(trace.traceId)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

type RowProps = { trace: TraceSummary; longest: number; chosen: boolean; onChoose: () => void }

function TraceRow({ trace, longest, chosen, onChoose }: RowProps) {
  const { t, count, duration, preciseClock } = useSignalsLanguage()
  const { columns } = t.tracesView
  const name = trace.name ?? t.tracesView.unnamed
  const time = preciseClock(trace.start / 1000)
  return (
    <tr>
      <td className="nowrap muted" data-label={columns.start}>
        {time}
      </td>
      <th scope="row">
        <Link to={`/signals/traces/${trace.traceId}`}>
          <ServiceMark service={trace.service} /> <span className="trace-name">{name}</span>
        </Link>
      </th>
      <td className="trace-route" data-label={columns.route}>
        {trace.route}
      </td>
      <td data-label={columns.status}>
        <TraceStatus trace={trace} />
      </td>
      <td className="trace-duration" data-label={columns.duration}>
        <span className="nowrap">{duration(trace.duration)}</span>
        <span className="trace-length" style={{ width: `${(100 * trace.duration) / longest}%` }} aria-hidden="true" />
      </td>
      <td className="number" data-label={columns.spans}>
        {count(trace.spanCount)}
      </td>
      <td data-label={columns.service}>
        <span className="service-shares" title={trace.services.map(({ service }) => service).join(', ')}>
          {trace.services.map(({ service, spanCount }) => (
            <span key={service} className="service-share" style={{ ...serviceColour(service), flexGrow: spanCount }}>
              <span className="visually-hidden">{service} </span>
            </span>
          ))}
        </span>
      </td>
      <td data-label={t.orderId}>
        {trace.orderIds.map((id) => (
          <Link key={id} to={`/signals/traces?orderId=${encodeURIComponent(id)}`} title={id}>
            <code>{id.slice(-8)}</code>
          </Link>
        ))}
      </td>
      <td data-label={t.compare.choose}>
        <input type="checkbox" checked={chosen} aria-label={t.compare.chooseTrace(name, time)} onChange={onChoose} />
      </td>
    </tr>
  )
}

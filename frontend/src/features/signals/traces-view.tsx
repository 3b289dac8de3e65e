import { useQuery } from '@tanstack/react-query'
import { QueryProblem } from '../../shared/query-problem.tsx'
import { SegmentedControl } from '../../shared/segmented-control.tsx'
import { SelectField, ServiceField, TextField, useFilters, useServices } from './filters.tsx'
import { useLive } from './live.tsx'
import { listTraces } from './signals-api.ts'
import { TimeRange } from './time-range.tsx'
import { type TraceColumn, TraceTable, traceColumns } from './trace-table.tsx'
import { useComparison } from './use-comparison.ts'
import { useSignalsLanguage } from './use-signals-language.ts'
import { useTraceOrder } from './use-trace-order.ts'

const filters = [
  'service',
  'route',
  'status',
  'minDuration',
  'orderId',
  'text',
  'minutes',
  'from',
  'to',
  'caller',
  'callee',
] as const

/** The traces that match the filters, in the order of a column, and two of them chosen to be compared. */
export function TracesView() {
  const { t, count } = useSignalsLanguage()
  const { refetchInterval } = useLive()
  const { values, set, change, active, clear } = useFilters(filters)
  const { order, sortBy } = useTraceOrder()
  const { compare, choose, cancel } = useComparison()
  const direction = order.descending ? 'descending' : 'ascending'
  const traces = useQuery({ ...listTraces({ ...values, sort: order.by, direction }), refetchInterval })
  const routes = useServices()
    .filter(({ service }) => !values.service || service === values.service)
    .flatMap((service) => service.routes)
  const { traces: shown = [], matched = 0 } = traces.data ?? {}
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
        <TimeRange value={values} onChange={change} />
        <SelectField
          className="sort-field"
          label={t.tracesView.sortBy}
          value={order.by}
          onChange={(by) => sortBy(by as TraceColumn)}
        >
          {traceColumns.map((column) => (
            <option key={column} value={column}>
              {t.tracesView.columns[column]}
            </option>
          ))}
        </SelectField>
        <div className="field choice">
          <span className="field-name">{t.tracesView.status}</span>
          <SegmentedControl
            legend={t.tracesView.status}
            value={values.status ?? ''}
            onChange={(value) => set('status', value)}
            options={[
              { value: '', label: t.tracesView.anyStatus },
              { value: 'ok', label: t.tracesView.ok },
              { value: 'refused', label: t.tracesView.refused },
              { value: 'error', label: t.tracesView.failed },
              { value: 'incomplete', label: t.tracesView.incomplete },
            ]}
          />
        </div>
      </search>
      <div className="found">
        <p className="muted" role="status">
          {traces.data && t.matched(count(shown.length), count(matched))}
        </p>
        {(values.caller || values.callee) && (
          <p>{t.tracesView.calls(values.caller ?? t.tracesView.anyone, values.callee ?? t.tracesView.anyone)}</p>
        )}
        {active && (
          <button type="button" className="link-button" onClick={clear}>
            {t.clear}
          </button>
        )}
      </div>
      {compare && (
        <p className="notice compare-notice" data-kind="pending" role="status">
          {t.compare.chooseOther(compare.slice(0, 8))}{' '}
          <button type="button" className="link-button" onClick={cancel}>
            {t.compare.cancel}
          </button>
        </p>
      )}
      <QueryProblem query={traces} />
      {traces.data && shown.length === 0 && (
        <div className="empty">
          <p>{t.tracesView.empty}</p>
          <p>{t.tracesView.emptyHint}</p>
        </div>
      )}
      {shown.length > 0 && (
        <TraceTable traces={shown} order={order} onOrder={sortBy} chosen={compare} onChoose={choose} />
      )}
    </>
  )
}

import { useFilters } from './filters.tsx'
import { type TraceColumn, type TraceOrder, traceColumns } from './trace-table.tsx'

const isText: TraceColumn[] = ['name', 'route', 'service']

/** The order of the trace list, kept in the page's address: sorting by the same column again turns it round. */
export function useTraceOrder() {
  const { values, change } = useFilters(['sort', 'direction'])
  const by = traceColumns.find((column) => column === values.sort) ?? 'start'
  const order: TraceOrder = { by, descending: values.direction !== 'ascending' }
  const sortBy = (column: TraceColumn) => {
    // Figures begin with the largest, as one looks for the slowest; text begins with A.
    const descending = column === by ? !order.descending : !isText.includes(column)
    change({ sort: column, direction: descending ? 'descending' : 'ascending' })
  }
  return { order, sortBy }
}

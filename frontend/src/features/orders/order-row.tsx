import type { Order } from '@hello/shop/api/order'
import { useQuery } from '@tanstack/react-query'
import { appConfigOptions } from '../../shared/app-config.ts'
import { useLanguage } from '../../shared/language.tsx'
import { orderLogsUrl, orderTraceUrl } from '../../shared/signal-links.ts'

export function OrderRow({ order }: { order: Order }) {
  const { t, format } = useLanguage()
  return (
    <li className="order" data-status={order.status}>
      <p className="order-line">
        <span className="order-quantity">{format.count(order.quantity)} ×</span>
        <span className="order-name">{order.productName}</span>
        <span className="leader" aria-hidden="true" />
        <span className="order-total">{format.money(order.totalPrice)}</span>
      </p>
      <p className="order-facts">
        <span className="order-status" title={t.orders.statusHint[order.status]}>
          {t.orders.status[order.status]}
        </span>
        <time dateTime={order.createdAt}>{format.time(new Date(order.createdAt))}</time>
      </p>
      <div className="order-reference">
        <code className="order-id">{order.id}</code>
        <OrderSignals order={order} />
      </div>
    </li>
  )
}

/** The ways from an order to what it did, as far as this installation keeps it. */
function OrderSignals({ order }: { order: Order }) {
  const { t } = useLanguage()
  const { data: config } = useQuery(appConfigOptions)
  const links = [
    { name: t.orders.trace, label: t.orders.traceOf(order.id), url: orderTraceUrl(config, order) },
    { name: t.orders.logs, label: t.orders.logsOf(order.id), url: orderLogsUrl(config, order) },
  ]
  return links.map(
    ({ name, label, url }) =>
      url && (
        <a key={name} href={url} aria-label={label}>
          {name}
        </a>
      ),
  )
}

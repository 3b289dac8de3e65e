import { useLanguage } from '../../shared/language.tsx'
import type { Order } from './order.ts'

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
      <code className="order-id">{order.id}</code>
    </li>
  )
}

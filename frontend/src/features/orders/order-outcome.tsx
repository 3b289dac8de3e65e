import type { Order } from '@hello/shop/api/order'
import { useLanguage } from '../../shared/language.tsx'
import { useOrder } from './get-order.ts'

/** What became of an order that was just placed; follows it until the shop knows. */
export function OrderOutcome({ placed }: { placed: Order }) {
  const { t, format } = useLanguage()
  const { data: order } = useOrder(placed)
  if (order.status === 'PENDING') return <Outcome kind="pending">{t.buy.pending}</Outcome>
  if (order.status === 'REJECTED') return <Outcome kind="error">{t.buy.rejected}</Outcome>
  return (
    <Outcome kind="success">
      {t.buy.created(format.count(order.quantity), order.productName, format.money(order.totalPrice))}
    </Outcome>
  )
}

function Outcome({ kind, children }: { kind: 'pending' | 'success' | 'error'; children: string }) {
  return (
    <p className="notice" data-kind={kind}>
      {children}
    </p>
  )
}

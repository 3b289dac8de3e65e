import { useLanguage } from '../../shared/language.tsx'
import { problemOf, QueryProblem } from '../../shared/query-problem.tsx'
import { SignInLink } from '../../shared/sign-in-link.tsx'
import { useOrders } from './list-orders.ts'
import { OrderRow } from './order-row.tsx'
import './orders.css'

/** The orders, newest first, as lines of a receipt. */
export function OrderList() {
  const { t } = useLanguage()
  const { ofCustomer, isGuest, orders } = useOrders()
  if (isGuest) return <GuestHint />
  return (
    <section aria-labelledby="orders" className="orders">
      <h2 id="orders">{ofCustomer ? t.orders.yours : t.orders.heading}</h2>
      <QueryProblem query={orders} />
      {(orders.data || !problemOf(orders)) && (
        <div className="receipt-shadow">
          <div className="receipt">
            {orders.isPending && <OrderSkeleton />}
            {orders.data?.length === 0 && (
              <div className="empty">
                <p>{t.orders.empty}</p>
                <p>{t.orders.emptyHint}</p>
              </div>
            )}
            <ol>
              {orders.data?.map((order) => (
                <OrderRow key={order.id} order={order} />
              ))}
            </ol>
            {orders.hasNextPage && (
              <button
                type="button"
                className="show-more"
                aria-disabled={orders.isFetchingNextPage}
                onClick={() => orders.fetchNextPage()}
              >
                {orders.isFetchingNextPage ? t.region.loading : t.region.showMore}
              </button>
            )}
          </div>
        </div>
      )}
    </section>
  )
}

function GuestHint() {
  const { t } = useLanguage()
  return (
    <section aria-labelledby="orders" className="orders">
      <h2 id="orders">{t.orders.yours}</h2>
      <p>{t.orders.signInFirst}</p>
      <SignInLink />
    </section>
  )
}

function OrderSkeleton() {
  const { t } = useLanguage()
  return (
    <div className="orders-skeleton skeleton" role="status">
      <span className="visually-hidden">{t.region.loading}</span>
    </div>
  )
}

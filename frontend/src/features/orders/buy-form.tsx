import { type FormEvent, useId, useRef, useState } from 'react'
import { ApiError, isTransient } from '../../shared/api-error.ts'
import { useLanguage } from '../../shared/language.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { OrderOutcome } from './order-outcome.tsx'
import { createIdempotencyKey, type NewOrder, usePlaceOrder } from './place-order.ts'

const MAX_QUANTITY = 1_000

type Props = { product: { id: string; name: string; price: number }; soldOut: boolean }

/** Buys a product. An order whose outcome is unknown is asked for again under its old key, never placed anew. */
export function BuyForm({ product, soldOut }: Props) {
  const { t, format } = useLanguage()
  const place = usePlaceOrder()
  const [entered, setEntered] = useState('1')
  const [rule, setRule] = useState('')
  const unanswered = useRef<NewOrder>(null)
  const input = useRef<HTMLInputElement>(null)
  const id = useId()

  const quantity = Number(entered)
  const valid = /^\d+$/.test(entered) && quantity >= 1 && quantity <= MAX_QUANTITY
  const total = format.money((Math.round(product.price * 100) * (valid ? quantity : 1)) / 100)

  const enter = (next: string) => {
    setEntered(next)
    setRule('')
  }
  const step = (by: number) => enter(String(Math.min(MAX_QUANTITY, Math.max(1, (valid ? quantity : 1) + by))))

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (place.isPending || soldOut) return
    if (!valid) {
      setRule(t.buy.quantityRule)
      input.current?.focus()
      return
    }
    const sameOrder = unanswered.current?.quantity === quantity ? unanswered.current : null
    const order = sameOrder ?? { productId: product.id, quantity, idempotencyKey: createIdempotencyKey() }
    place.mutate(order, {
      onSettled: (_order, error) => {
        unanswered.current = isTransient(error) ? order : null
      },
    })
  }

  return (
    <form className="buy" noValidate onSubmit={submit}>
      <div className="buy-controls">
        <div className="stepper">
          <button type="button" aria-label={t.buy.fewer(product.name)} onClick={() => step(-1)}>
            −
          </button>
          <input
            ref={input}
            type="number"
            inputMode="numeric"
            min={1}
            max={MAX_QUANTITY}
            aria-label={t.buy.quantityOf(product.name)}
            aria-invalid={rule !== ''}
            aria-describedby={`${id}-rule`}
            value={entered}
            onChange={(event) => enter(event.target.value)}
          />
          <button type="button" aria-label={t.buy.more(product.name)} onClick={() => step(1)}>
            +
          </button>
        </div>
        <button
          type="submit"
          className="primary buy-button"
          aria-disabled={soldOut || place.isPending}
          aria-label={soldOut || place.isPending ? undefined : t.buy.buyProduct(product.name, total)}
        >
          {place.isPending ? (
            t.buy.buying
          ) : soldOut ? (
            t.buy.soldOut
          ) : (
            <>
              <span>{t.buy.buy}</span> <span className="buy-total">{total}</span>
            </>
          )}
        </button>
      </div>
      <p id={`${id}-rule`} className="field-rule" role="alert">
        {rule}
      </p>
      <div role="status">
        {place.isPending && place.failureCount > 0 && (
          <p className="notice" data-kind="pending">
            {t.buy.askingAgain(format.count(place.failureCount + 1))}
          </p>
        )}
        {place.data && <OrderOutcome key={place.data.id} placed={place.data} />}
      </div>
      {place.error && <BuyProblem error={place.error} />}
    </form>
  )
}

function BuyProblem({ error }: { error: Error }) {
  const { t, format } = useLanguage()
  if (isTransient(error)) {
    return <ProblemNotice error={error} hint={error.status === 503 ? t.buy.again : t.buy.unknown} />
  }
  const { currentStock, requested } = error instanceof ApiError ? error.problem : {}
  if (currentStock === undefined || requested === undefined) return <ProblemNotice error={error} />
  return (
    <ProblemNotice error={error} headline={t.buy.insufficient(format.count(currentStock), format.count(requested))} />
  )
}

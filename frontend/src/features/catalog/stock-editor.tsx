import type { Product } from '@hello/shop/api/product'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { ApiError } from '../../shared/api-error.ts'
import { useLanguage } from '../../shared/language.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { problemOf, QueryProblem } from '../../shared/query-problem.tsx'
import { useProductStock, useSetProductStock } from './product-stock.ts'

type Props = { product: Product; onDone: (quantity: number) => void; onCancel: () => void }

/** Sets a product's stock without overwriting a sale that happened meanwhile, unless the person says so. */
export function StockEditor({ product, onDone, onCancel }: Props) {
  const { t, format } = useLanguage()
  const read = useProductStock(product.id)
  const save = useSetProductStock()
  const [rule, setRule] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const loaded = read.data !== undefined
  useEffect(() => {
    if (!loaded) return
    input.current?.focus()
    input.current?.select()
  }, [loaded])

  if (!read.data) return problemOf(read) ? <QueryProblem query={read} /> : <p className="muted">{t.region.loading}</p>

  const changed = save.error instanceof ApiError && save.error.status === 412
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const quantity = input.current?.valueAsNumber ?? Number.NaN
    const valid = Number.isSafeInteger(quantity) && quantity >= 0
    setRule(valid ? '' : t.catalog.wholeNumber)
    if (!valid) return input.current?.focus()
    if (save.isPending) return
    save.mutate(
      { productId: product.id, quantity, etag: changed ? null : read.data.etag },
      { onSuccess: onDone, onError: () => read.refetch() },
    )
  }

  return (
    <form
      className="stock-editor"
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <label htmlFor={id} className="visually-hidden">
        {t.catalog.stockOf(product.name)}
      </label>
      <input
        id={id}
        ref={input}
        type="number"
        inputMode="numeric"
        min={0}
        step={1}
        defaultValue={read.data.quantity ?? 0}
        aria-invalid={rule !== ''}
        aria-describedby={`${id}-rule`}
      />
      <button type="submit" className="primary">
        {save.isPending ? t.catalog.saving : changed ? t.catalog.replace : t.catalog.save}
      </button>
      <button type="button" onClick={onCancel}>
        {t.catalog.cancel}
      </button>
      <p id={`${id}-rule`} className="field-rule" role="alert">
        {rule}
      </p>
      {changed && (
        <p className="notice" data-kind="pending" role="alert">
          {t.catalog.stockChanged(format.count(read.data.quantity ?? 0))}
        </p>
      )}
      {save.error && !changed && <ProblemNotice error={save.error} />}
    </form>
  )
}

import type { Product } from '@hello/shop/api/product'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useLanguage } from '../../shared/language.tsx'
import { ProductArt } from './product-art.tsx'
import { StockEditor } from './stock-editor.tsx'
import { StockLevel } from './stock-level.tsx'

type Props = {
  product: Product
  quantity: number | null | undefined
  /** Added in this visit: bring it into view, also for a screen reader. */
  isNew: boolean
  children: ReactNode
}

export function ProductCard({ product, quantity, isNew, children }: Props) {
  const { t, format } = useLanguage()
  const [editing, setEditing] = useState(false)
  const [saved, setSaved] = useState<number | null>(null)
  const card = useRef<HTMLLIElement>(null)
  const edit = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (isNew) card.current?.focus()
  }, [isNew])

  const close = (stock: number | null) => {
    setSaved(stock)
    setEditing(false)
    requestAnimationFrame(() => edit.current?.focus())
  }

  return (
    <li ref={card} className="product" tabIndex={-1} aria-labelledby={`product-${product.id}`}>
      <ProductArt id={product.id} />
      <div className="product-title">
        <h3 id={`product-${product.id}`}>{product.name}</h3>
        <p className="price">{format.money(product.price)}</p>
      </div>
      <div className="product-stock">
        {editing ? (
          <StockEditor product={product} onDone={close} onCancel={() => close(null)} />
        ) : (
          <>
            <StockLevel quantity={quantity} />
            <button
              ref={edit}
              type="button"
              className="link-button"
              aria-label={t.catalog.setStockOf(product.name)}
              onClick={() => setEditing(true)}
            >
              {t.catalog.setStock}
            </button>
          </>
        )}
        <p role="status" className="visually-hidden">
          {saved !== null && !editing && t.catalog.stockSet(format.count(saved))}
        </p>
      </div>
      {children}
    </li>
  )
}

import type { Product } from '@hello/shop/api/product'
import { type ReactNode, useRef, useState } from 'react'
import { useLanguage } from '../../shared/language.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { problemOf, QueryProblem } from '../../shared/query-problem.tsx'
import type { AddedProduct } from './add-product.ts'
import { AddProductDialog } from './add-product-dialog.tsx'
import { useProducts } from './list-products.ts'
import { useStock } from './list-stock.ts'
import { ProductCard } from './product-card.tsx'
import './catalog.css'

/** @param renderBuy what a product's card offers to its buyer; `soldOut` is false while the stock cannot be told */
type Props = { renderBuy: (product: Product, soldOut: boolean) => ReactNode }

/** The products with their live stock, and the ways to change both. */
export function Catalog({ renderBuy }: Props) {
  const { t } = useLanguage()
  const products = useProducts()
  const stock = useStock()
  const [adding, setAdding] = useState(false)
  const [added, setAdded] = useState<AddedProduct[]>([])
  const addButton = useRef<HTMLButtonElement>(null)

  const listed = products.data ?? []
  // A new product belongs to the list's last page, which may not be shown yet.
  const unlisted = added.map(({ product }) => product).filter(({ id }) => !listed.some((product) => product.id === id))
  const shown = [...listed, ...unlisted]
  const latest = added.at(-1)

  const close = () => {
    setAdding(false)
    addButton.current?.focus()
  }

  return (
    <section aria-labelledby="catalog" className="catalog">
      <div className="section-heading">
        <h2 id="catalog" tabIndex={-1}>
          {t.catalog.heading}
        </h2>
        <button ref={addButton} type="button" onClick={() => setAdding(true)}>
          <span aria-hidden="true">+</span> {t.catalog.addProduct}
        </button>
      </div>
      {adding && (
        <AddProductDialog
          onClose={close}
          onAdded={(product) => {
            setAdding(false)
            setAdded([...added, product])
          }}
        />
      )}
      <p role="status" className="visually-hidden">
        {latest && !latest.stockError && t.catalog.added(latest.product.name)}
      </p>
      {latest?.stockError && (
        <ProblemNotice error={latest.stockError} hint={t.catalog.addedWithoutStock(latest.product.name)} />
      )}
      <QueryProblem query={products} />
      {!problemOf(products) && <QueryProblem query={stock} />}
      {products.isPending && !problemOf(products) && <ProductSkeletons />}
      {products.data && shown.length === 0 && (
        <div className="empty">
          <p>{t.catalog.empty}</p>
          <p>{t.catalog.emptyHint}</p>
        </div>
      )}
      <ul className="products">
        {shown.map((product) => {
          const quantity = stock.data && (stock.data[product.id] ?? null)
          return (
            <ProductCard
              key={product.id}
              product={product}
              quantity={quantity}
              isNew={product.id === latest?.product.id}
            >
              {renderBuy(product, quantity === 0)}
            </ProductCard>
          )
        })}
      </ul>
      {products.hasNextPage && (
        <button
          type="button"
          className="show-more"
          aria-disabled={products.isFetchingNextPage}
          onClick={() => products.fetchNextPage()}
        >
          {products.isFetchingNextPage ? t.region.loading : t.region.showMore}
        </button>
      )}
    </section>
  )
}

function ProductSkeletons() {
  const { t } = useLanguage()
  return (
    <div className="products" role="status">
      <span className="visually-hidden">{t.region.loading}</span>
      <div className="product skeleton" />
      <div className="product skeleton" />
      <div className="product skeleton" />
    </div>
  )
}

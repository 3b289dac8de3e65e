import { useLanguage } from '../../shared/language.tsx'

/** `quantity` is undefined while the stock cannot be told, and null for a product without a stock entry. */
export function StockLevel({ quantity }: { quantity: number | null | undefined }) {
  const { t, format } = useLanguage()
  if (quantity === undefined) return <span className="stock-level">{t.catalog.stockUnknown}</span>
  if (quantity === null) return <span className="stock-level">{t.catalog.noStock}</span>
  const [level, text] =
    quantity === 0
      ? (['none', t.catalog.soldOut] as const)
      : quantity <= 5
        ? (['low', t.catalog.lastOnes(format.count(quantity))] as const)
        : (['good', t.catalog.inStock(format.count(quantity))] as const)
  return (
    <span className="stock-level" data-level={level}>
      {text}
    </span>
  )
}

import { Catalog } from '../features/catalog/catalog.tsx'
import { BuyForm } from '../features/orders/buy-form.tsx'
import { OrderList } from '../features/orders/order-list.tsx'
import { useLanguage } from '../shared/language.tsx'
import { Region } from '../shared/region.tsx'
import { useTracing } from './use-tracing.ts'

export function ShopPage() {
  useTracing()
  const { t } = useLanguage()
  return (
    <main>
      <title>{t.page.title}</title>
      <div className="hero">
        <h1>
          {t.page.headline} <em>{t.page.headlineEnd}</em>
        </h1>
        <p>{t.page.lead}</p>
      </div>
      <div className="shop">
        <Region>
          <Catalog renderBuy={(product, soldOut) => <BuyForm product={product} soldOut={soldOut} />} />
        </Region>
        <Region>
          <OrderList />
        </Region>
      </div>
    </main>
  )
}

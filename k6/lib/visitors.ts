import { sleep } from 'k6'
import exec from 'k6/execution'
import { hex, type ProductOnShelf, type ShopClient } from './shop-client.ts'

export type Visit = (shop: ShopClient, products: ProductOnShelf[]) => void

const any = (products: ProductOnShelf[]): ProductOnShelf => products[Math.floor(Math.random() * products.length)]!

/** What one visitor does: mostly looks, now and then buys; 1.6 requests on average. */
export const visitor: Visit = (shop, products) => {
  const product = products[exec.scenario.iterationInTest % products.length]!
  const mood = Math.random()
  if (mood < 0.4) shop.products()
  else if (mood < 0.7) {
    shop.product(product)
    shop.stock(product)
  } else if (mood < 0.95) {
    shop.product(product)
    shop.buy(product, 1)
  } else shop.recentOrders()
}

/** What load-test.py of the demo that this one grew out of did, over and over. */
export const shopper: Visit = (shop, products) => {
  shop.products()
  shop.product(any(products))
  if (Math.random() < 0.05) shop.missingProduct()
  if (Math.random() < 0.3) shop.buy(any(products), 1 + Math.floor(Math.random() * 5))
  sleep(0.1 + Math.random() * 1.9)
}

/** Wants one of what there is too little of, and asks again for the same order until it is told what came of it. */
export const buyer: Visit = (shop, [product]) => {
  const key = hex(16)
  for (let attempt = 1; attempt <= 20; attempt++) {
    if (shop.buy(product!, 1, { key, refusable: true }) !== 'failed') return
    sleep(Math.random())
  }
}

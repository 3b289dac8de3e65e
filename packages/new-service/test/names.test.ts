import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rename } from '../src/names.ts'

const text = 'sample-thing sample-things sampleThingRoutes SampleThing sample_things sample things Sample things'

for (const [name, expected] of [
  ['cart', 'cart carts cartRoutes Cart carts carts Carts'],
  ['gift-card', 'gift-card gift-cards giftCardRoutes GiftCard gift_cards gift cards Gift cards'],
  ['category', 'category categories categoryRoutes Category categories categories Categories'],
  ['price-box', 'price-box price-boxes priceBoxRoutes PriceBox price_boxes price boxes Price boxes'],
] as const)
  test(`${name} takes the place of the sample in every spelling`, () => assert.equal(rename(text, name), expected))

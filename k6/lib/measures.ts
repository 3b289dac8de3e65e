import { Counter, Gauge, Rate, Trend } from 'k6/metrics'

/** Of requests that did not fail, in milliseconds; tagged `objective` and `slot`. */
export const answerTime = new Trend('answer_time', true)

/** Whether a request was answered otherwise than it should be, or not at all; tagged `objective` and `slot`. */
export const failed = new Rate('failed')

/** Tagged `outcome`. */
export const orders = new Counter('orders')

/** Units of the run's own products, when it is over: put in stock, sold by its orders, still there. */
export const books = {
  supplied: new Gauge('units_supplied'),
  sold: new Gauge('units_sold'),
  left: new Gauge('units_left'),
  /** Whether supplied = sold + left, for each product; and where all were to be sold, whether they were. */
  balance: new Rate('books_balance'),
}

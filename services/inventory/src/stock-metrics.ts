import fastifyPlugin from 'fastify-plugin'
import { stockRepository } from './stock-repository.ts'

/** How long a check of the invariant stands, in milliseconds: it reads every reservation. */
const checkInterval = 30_000

/** The stock in sum (one series a product would have no bound), and whether it adds up. */
export const stockMetricsPlugin = fastifyPlugin(
  async (app) => {
    const { client } = app.metrics
    const registers = [client.register]
    const stock = stockRepository(app.database)
    const outOfStock = new client.Gauge({
      name: 'shop_products_out_of_stock',
      help: 'Products of which nothing is left',
      registers,
    })
    new client.Gauge({
      name: 'shop_stock_units',
      help: 'Units left, of all products together',
      registers,
      async collect() {
        const { units, empty } = await stock.summarize()
        this.set(units)
        outOfStock.set(empty)
      },
    })
    let checked = 0
    new client.Gauge({
      name: 'shop_stock_invariant_violations',
      help: 'Products for which stock set by people - reserved = stock now does not hold; always 0',
      registers,
      async collect() {
        if (Date.now() - checked < checkInterval) return
        checked = Date.now()
        this.set(await stock.countViolations())
      },
    })
  },
  { name: 'stock-metrics', dependencies: ['metrics', 'database'] },
)

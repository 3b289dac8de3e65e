import fastifyPlugin from 'fastify-plugin'
import { stockRepository } from './stock-repository.ts'

/** The check of the invariant reads every reservation. Milliseconds. */
const checkInterval = 30_000

/** The stock in sum (one series a product would have no bound), and whether it adds up. */
export const stockMetricsPlugin = fastifyPlugin(
  async (app) => {
    const { client } = app.metrics
    const registers = [client.register]
    const outOfStock = new client.Gauge({
      name: 'shop_products_out_of_stock',
      help: 'Products of which nothing is left',
      registers,
    })
    const units = new client.Gauge({
      name: 'shop_stock_units',
      help: 'Units left, of all products together',
      registers,
    })
    const violations = new client.Gauge({
      name: 'shop_stock_invariant_violations',
      help: 'Products for which stock set by people - reserved = stock now does not hold; always 0',
      registers,
    })

    app.databaseSamples.add({
      name: 'stock',
      gauges: [units, outOfStock],
      async take(database) {
        const sum = await stockRepository(database).summarize()
        units.set(sum.units)
        outOfStock.set(sum.empty)
      },
    })
    app.databaseSamples.add({
      name: 'stock-invariant',
      gauges: [violations],
      interval: checkInterval,
      async take(database) {
        violations.set(await stockRepository(database).countViolations())
      },
    })
  },
  { name: 'stock-metrics', dependencies: ['metrics', 'database-samples'] },
)

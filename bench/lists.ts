import { parseArgs } from 'node:util'
import { type Shop, startShop } from '@hello/local/shop/start-shop'
import { encodeCursor } from '@hello/service-kit/pagination'
import { median } from '@hello/test-support/statistics'
import pg from 'pg'
import { Pool } from 'undici'
import { tell } from './ratio.ts'

const help = `Time of a page of GET /orders and GET /products with 1,000,000 rows, as a ratio to the same page with 1,000 rows.

Usage: node bench/lists.ts [options]

  --rounds N  measurements of each side, in turns (default 31)
  --rows N    rows of the large shop (default 1000000)
  --help      show this

Two shops run side by side and are asked in turns: 4 clients, 100 entries a page.`

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '31' },
    rows: { type: 'string', default: '1000000' },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  console.log(help)
  process.exit()
}
const rounds = Number(options.rounds)
const sizes = [1000, Number(options.rows)]
const clients = 4
const requestsPerRound = 100
const aim = 1.2

/** By the share of the rows that come before the page. */
const pages = { 'first page': 0, 'middle page': 0.5, 'last page': 1 }

/** Rows as the services write them, without the services. */
async function fill(shop: Shop, rows: number) {
  for (const [service, statements] of [
    [
      'product',
      [
        `INSERT INTO products (id, name, price_cents)
         SELECT 'bench-' || n, 'Bench ' || n, n % 10000 FROM generate_series(4, $1) AS n`,
        'VACUUM ANALYZE products',
      ],
    ],
    [
      'order',
      [
        `INSERT INTO orders (id, product_id, product_name, quantity, unit_price_cents, status)
         SELECT gen_random_uuid()::text, 'bench-' || n % 1000, 'Bench', 1 + n % 5, n % 10000,
           CASE WHEN n % 20 = 0 THEN 'REJECTED' ELSE 'CREATED' END
         FROM generate_series(1, $1) AS n`,
        'VACUUM ANALYZE orders',
      ],
    ],
  ] as const) {
    const client = new pg.Client({ connectionString: shop.databaseUrl(service) })
    await client.connect()
    await client.query(statements[0], [rows])
    await client.query(statements[1])
    await client.end()
  }
}

/** Microseconds a request, by `clients` at once. */
async function measure(pool: Pool, path: string): Promise<number> {
  const began = performance.now()
  let left = requestsPerRound
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left-- > 0) {
        const { statusCode, body } = await pool.request({ method: 'GET', path })
        const entries = (await body.json()) as unknown[]
        if (statusCode !== 200 || entries.length !== 100) throw new Error(`${path}: ${statusCode}, ${entries.length}`)
      }
    }),
  )
  return ((performance.now() - began) * 1000) / requestsPerRound
}

const shops: Shop[] = []
const pools: Pool[] = []
let worst = 0
try {
  for (const size of sizes) {
    const shop = await startShop({ only: ['product', 'order'], durable: false, env: { LOG_LEVEL: 'error' } })
    shops.push(shop)
    await shop.ready()
    await fill(shop, size)
  }
  const columns = sizes.map((size) => size.toLocaleString('en').padStart(12)).join('')
  console.log(`us a request, median of ${rounds} x ${requestsPerRound} requests in turns\n`)
  console.log(`${'rows'.padEnd(28)}${columns}${'ratio'.padStart(8)}`)
  for (const service of ['order', 'product'] as const) {
    const sides = shops.map((shop) => new Pool(shop.urls[service], { connections: clients }))
    pools.push(...sides)
    for (const [name, share] of Object.entries(pages)) {
      const paths = sizes.map((size) => {
        const before = Math.min(Math.round(size * share), size - 100)
        const after = service === 'order' ? size + 1 - before : before
        return `/${service}s?limit=100&after=${encodeCursor(String(after))}`
      })
      const figures: number[][] = [[], []]
      for (let round = -8; round < rounds; round++) {
        for (const side of round % 2 ? [0, 1] : [1, 0]) {
          const micros = await measure(sides[side]!, paths[side]!)
          if (round >= 0) figures[side]!.push(micros)
        }
      }
      const ratio = median(figures[1]!.map((micros, round) => micros / figures[0]![round]!))
      worst = Math.max(worst, ratio)
      tell({ name: `GET /${service}s, ${name}, of many rows to few`, value: ratio, better: 'lower' })
      const times = figures.map((side) => median(side).toFixed(0).padStart(12)).join('')
      console.log(`${`GET /${service}s, ${name}`.padEnd(28)}${times}${ratio.toFixed(2).padStart(8)}`)
    }
  }
  console.log(`\nworst ratio ${worst.toFixed(2)} (aim: at most ${aim})`)
} finally {
  for (const pool of pools) await pool.close()
  for (const shop of shops) await shop.stop()
}

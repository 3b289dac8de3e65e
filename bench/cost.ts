import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { checkout } from '@hello/local/processes/checkout'
import { median, quantile } from '@hello/test-support/statistics'
import { commitFolder } from './cost/commit.ts'
import type { Consumption } from './cost/consumption.ts'
import { clients, type Load, loads, type Measured, type MeasuredShop, startMeasuredShop } from './cost/measured-shop.ts'

const help = `What an order and a GET cost: CPU, wake-ups and calls of read and write of every process.

Usage: node bench/cost.ts [options]

  --against COMMIT  beside the shop of another commit, in turn, with the share of it that each figure is
  --seconds N       length of each measurement (default 3)
  --repetitions N   measurements of each side, in turn (default 5)
  --plain           only without telemetry
  --help            show this

${clients} clients, before them one alone for the latency; commits wait for the disk. It needs /proc. On a machine that does something
else at the same time only the shares count.`

const { values: options } = parseArgs({
  options: {
    against: { type: 'string' },
    seconds: { type: 'string', default: '3' },
    repetitions: { type: 'string', default: '5' },
    plain: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  console.log(help)
  process.exit(0)
}
const seconds = Number(options.seconds)
const repetitions = Number(options.repetitions)

const sides = [{ name: 'now', folder: checkout }]
if (options.against) sides.push({ name: options.against, folder: commitFolder(options.against) })

const columns: { title: string; of: keyof Consumption; digits: number }[] = [
  { title: 'CPU us', of: 'cpu', digits: 0 },
  { title: 'wake-ups', of: 'wakeUps', digits: 2 },
  { title: 'calls', of: 'calls', digits: 2 },
]

function printRow(name: string, cells: string[]) {
  console.log(`  ${name.padEnd(26)}${cells.map((cell) => cell.padStart(9)).join('')}`)
}

/** A title for the figures of this checkout, and where there are two sides those of the other and the share. */
const titles = (title: string) => (options.against ? [title, options.against.slice(0, 8), 'share'] : [title])

/** The median of a figure on each side and, of two, the share that this checkout's is of the other's. */
function cells(measured: Measured[][], figure: (one: Measured) => number, digits: number): string[] {
  const [now, other] = measured.map((side) => median(side.map(figure)))
  if (other === undefined) return [now!.toFixed(digits)]
  return [now!.toFixed(digits), other.toFixed(digits), other > 0 ? (now! / other).toFixed(2) : '']
}

const sum = ({ cost }: Measured, of: keyof Consumption) =>
  [...cost.values()].reduce((total, consumption) => total + consumption[of], 0)

function printCost({ name }: Load, measured: Measured[][]) {
  console.log(`\n${name}`)
  printRow(
    '',
    columns.flatMap(({ title }) => titles(title)),
  )
  for (const process of measured[0]![0]!.cost.keys())
    printRow(
      process,
      columns.flatMap(({ of, digits }) => cells(measured, ({ cost }) => cost.get(process)![of], digits)),
    )
  printRow(
    'together',
    columns.flatMap(({ of, digits }) => cells(measured, (one) => sum(one, of), digits)),
  )
  printRow(
    'requests a second',
    cells(measured, ({ perSecond }) => perSecond, 0),
  )
}

/** Measures every side in turn, as often as asked, after once for warming up. */
async function inTurn(shops: MeasuredShop[], load: Load, by: number): Promise<Measured[][]> {
  const measured: Measured[][] = shops.map(() => [])
  for (let repetition = -1; repetition < repetitions; repetition++)
    for (const [side, shop] of shops.entries()) {
      const one = await shop.measure(load, seconds, by)
      if (repetition >= 0) measured[side]!.push(one)
    }
  return measured
}

async function measureShops(signals: boolean) {
  const starting = await Promise.allSettled(sides.map(({ folder }) => startMeasuredShop(folder, signals)))
  const shops = starting.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  try {
    for (const one of starting) if (one.status === 'rejected') throw one.reason
    // First, for the programs are warm then before many ask at once.
    const alone = await inTurn(shops, loads[0]!, 1)
    console.log('\nmilliseconds of an order, one client alone')
    printRow('', titles('now'))
    for (const [name, share] of [['median', 0.5] as const, ['99th percentile', 0.99] as const])
      printRow(
        name,
        cells(alone, ({ latencies }) => quantile(latencies, share), 2),
      )
    for (const load of loads) printCost(load, await inTurn(shops, load, clients))
  } finally {
    await Promise.all(shops.map((shop) => shop.stop()))
  }
}

console.log(
  `${availableParallelism()} cores, load average ${loadavg()[0]!.toFixed(1)}; ${clients} clients, ${repetitions} x ${seconds} s a side, in turn, medians`,
)
for (const signals of options.plain ? [false] : [false, true]) {
  console.log(`\n== ${signals ? 'with logs, metrics and every trace' : 'without telemetry'}`)
  await measureShops(signals)
}

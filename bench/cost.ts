import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { checkout } from '@hello/local/processes/checkout'
import { median, quantile } from '@hello/test-support/statistics'
import { commitFolder } from './cost/commit.ts'
import type { Consumption } from './cost/consumption.ts'
import { clients, type Load, loads, type Measured, type MeasuredShop, startMeasuredShop } from './cost/measured-shop.ts'

/** Turns of each shop that do not count: V8 takes some 25 s of a load to compile what is hot, the longer the more code there is. */
const warmUp = 8

const help = `What an order and a GET cost: CPU, wake-ups and calls of read and write of every process.

Usage: node bench/cost.ts [options]

  --against COMMIT  beside the shop of another commit, in turn, with the share of it that each figure is
  --seconds N       length of each measurement (default 3)
  --repetitions N   measurements of each shop, in turn (default 5), after ${warmUp} that warm it and do not count
  --plain           only without telemetry
  --help            show this

${clients} clients, after them one alone for the latency; commits wait for the disk. It needs /proc. On a machine that does something
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

/** A figure of this checkout and, where there is one, of the other side and the share that it is of that. */
function cellsOf([now, other]: number[], digits: number): string[] {
  if (other === undefined) return [now!.toFixed(digits)]
  return [now!.toFixed(digits), other.toFixed(digits), other > 0 ? (now! / other).toFixed(2) : '']
}

const medianOf = (measured: Measured[], figure: (one: Measured) => number) => median(measured.map(figure))

const cells = (measured: Measured[][], figure: (one: Measured) => number, digits: number) =>
  cellsOf(
    measured.map((side) => medianOf(side, figure)),
    digits,
  )

const sum = ({ cost }: Measured, of: keyof Consumption) =>
  [...cost.values()].reduce((total, consumption) => total + consumption[of], 0)

function printCost(measured: Measured[][]) {
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

function printLatencies(measured: Measured[][]) {
  printRow('', titles('now'))
  for (const [name, share] of [['median', 0.5] as const, ['99th percentile', 0.99] as const])
    printRow(
      name,
      cells(measured, ({ latencies }) => quantile(latencies, share), 2),
    )
}

const modes = options.plain ? [false] : [false, true]
const modeName = (signals: boolean) => (signals ? 'with logs, metrics and every trace' : 'without telemetry')

/** By mode, and in it by side, what was measured. */
type ByMode = Measured[][][]

/** Measures every shop in turn, as often as asked, once all are warm. */
async function inTurn(shops: MeasuredShop[][], load: Load, by: number): Promise<ByMode> {
  const measured: ByMode = shops.map((ofMode) => ofMode.map(() => []))
  for (let repetition = -warmUp; repetition < repetitions; repetition++)
    for (const [mode, ofMode] of shops.entries())
      for (const [side, shop] of ofMode.entries()) {
        const one = await shop.measure(load, seconds, by)
        if (repetition >= 0) measured[mode]![side]!.push(one)
      }
  return measured
}

function printModes(measured: ByMode, print: (ofMode: Measured[][]) => void) {
  for (const [mode, ofMode] of measured.entries()) {
    console.log(`\n  ${modeName(modes[mode]!)}`)
    print(ofMode)
  }
}

function printAdded([plain, signals]: ByMode) {
  if (!signals) return
  const cpu = (one: Measured) => sum(one, 'cpu')
  const added = plain!.map((side, index) => medianOf(signals[index]!, cpu) - medianOf(side, cpu))
  console.log()
  printRow('what telemetry adds', cellsOf(added, 0))
}

console.log(
  `${availableParallelism()} cores, load average ${loadavg()[0]!.toFixed(1)}; ${clients} clients, ${repetitions} x ${seconds} s a shop, in turn, medians`,
)
const started: MeasuredShop[] = []
try {
  const shops: MeasuredShop[][] = []
  for (const signals of modes) {
    const ofMode: MeasuredShop[] = []
    for (const { folder } of sides) {
      const shop = await startMeasuredShop(folder, signals)
      started.push(shop)
      ofMode.push(shop)
    }
    shops.push(ofMode)
  }
  for (const load of loads) {
    console.log(`\n== ${load.name}`)
    const measured = await inTurn(shops, load, clients)
    printModes(measured, printCost)
    printAdded(measured)
  }
  // Last: one client alone asks too little to make a program warm.
  console.log('\n== milliseconds of an order, one client alone')
  printModes(await inTurn(shops, loads[0]!, 1), printLatencies)
} finally {
  await Promise.all(started.map((shop) => shop.stop()))
}

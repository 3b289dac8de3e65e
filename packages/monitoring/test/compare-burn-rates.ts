/**
 * make compare-burn-rates: prints after how long the burn-rate alerts fire and end, as the SRE workbook has it, as the shop's rules
 * and as sloth's, over the same series.
 */
import { cells, header, rows, shopTimes, slothTimes, workbookTimes } from './burn-comparison.ts'

const lines = [header]
for (const row of rows) {
  const times = { workbook: workbookTimes(row), shop: await shopTimes(row), sloth: await slothTimes(row) }
  lines.push(cells(row, times) as string[])
}
const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
for (const line of lines)
  process.stdout.write(
    `${line
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd()}\n`,
  )

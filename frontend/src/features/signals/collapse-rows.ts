import type { WaterfallRow } from './waterfall-rows.ts'

export type ShownRow = WaterfallRow & {
  /** How many rows hang below this one, shown or not. */
  below: number
}

/**
 * The rows that are left when what hangs below some spans is folded away.
 *
 * @param rows the whole tree, parents first
 * @param collapsed the ids of the spans whose rows below are not shown
 */
export function collapseRows(rows: WaterfallRow[], collapsed: ReadonlySet<string>): ShownRow[] {
  const counted = rows.map((row): ShownRow => ({ ...row, below: 0 }))
  const above: ShownRow[] = []
  const shown: ShownRow[] = []
  for (const row of counted) {
    while (above.length > row.depth) above.pop()
    for (const parent of above) parent.below += 1
    if (!above.some(({ span }) => span && collapsed.has(span.spanId))) shown.push(row)
    above.push(row)
  }
  return shown
}

import { stripVTControlCharacters, styleText } from 'node:util'

/** Colours for people: none when the output is no terminal or NO_COLOR is set. */
export const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
  styleText(style, text, { stream: process.stdout })

const width = (cell: string): number => stripVTControlCharacters(cell).length

/** Rows as aligned columns, two spaces apart. */
export function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(widths[column]! - width(cell) + 2))
        .join('')
        .trimEnd(),
    )
    .join('\n')
}
